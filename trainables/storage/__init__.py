"""Files that are whole or not there at all, on a disk or in a bucket."""
