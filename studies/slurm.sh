#!/bin/bash
# A study on machines of a SLURM cluster: `sbatch studies/slurm.sh STUDY --scale cluster --gpus-per-trial 0.25`, with the
# options of `etude run`. Before, once, where all machines see your home: `ray get-auth-token --generate`, and
# `etude data CORPUS --from DIR` with ETUDE_HOME set to a folder that all machines share. See studies/cluster.md.
#
# How many machines, and for how long; each runs one Ray, and all of them train. The same command goes on after the end
# of the time, and a job that is requeued goes on by itself.
#SBATCH --job-name=etude
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --exclusive
#SBATCH --time=24:00:00
#SBATCH --requeue

set -euo pipefail
: "${1:?name a study: sbatch studies/slurm.sh STUDY [options of etude run]}"
: "${ETUDE_HOME:?set it to a folder that all machines share, with the packed corpora}"
export ETUDE_HOME RAY_AUTH_MODE=token
# In seconds: Ray may start slowly from a shared folder. Its own values are 40, for which a machine waits for the head,
# and 30, for which the head waits for the machines.
export RAY_py_gcs_connect_timeout_s=300 RAY_SYMMETRIC_RUN_CLUSTER_WAIT_TIMEOUT=300

head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | awk 'NR == 1')
# By the job's number, so that another job's Ray on a machine of several jobs has another port.
port=$((20000 + SLURM_JOB_ID % 10000))
# Not `hostname --ip-address`, which is 127.0.1.1 where Debian's installer has named the machine.
address=$(srun --nodes=1 --ntasks=1 --nodelist="$head" hostname --all-ip-addresses | awk 'NR == 1 {print $1}')

# A machine that is lost takes its trials' last epochs with it, and not the job.
srun --nodes="$SLURM_JOB_NUM_NODES" --ntasks="$SLURM_JOB_NUM_NODES" --kill-on-bad-exit=0 \
    ray symmetric-run --address "$address:$port" --min-nodes "$SLURM_JOB_NUM_NODES" --num-cpus="$SLURM_CPUS_ON_NODE" -- \
    etude run "$@" --address auto
