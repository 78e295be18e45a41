"""A corpus of one's own: any folder of labelled audio files, packed under a name of the user's."""
