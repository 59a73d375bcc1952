//! Examples behind the help of `sandmill train`.
//! Never a word that the program does not keep.

pub const TRAIN_RUN: &str = "\
Examples:
  sandmill train run job.yaml
  sandmill train run job.yaml --watch --data train=@rows.arrow
  sandmill train run job.yaml --model base=sha256:…

Manifests of Kubeflow's Trainer (TrainJob with its runtime) and Training Operator (PyTorchJob, TFJob, MPIJob) are read too,
where the image is a component's reference.

Without --watch, the job's id is printed and the job goes on at the server. With --watch --json, each event is a line
as it comes, and the last line is the job as `sandmill train show --json` prints it.";

pub const TRAIN_LIST: &str = "\
Examples:
  sandmill train list
  sandmill train list --status suspended";

pub const TRAIN_SHOW: &str = "\
Examples:
  sandmill train show latest
  sandmill train show 019a5c1e --json";

pub const TRAIN_WATCH: &str = "\
Examples:
  sandmill train watch latest
  sandmill train watch latest --json

With --json, each event is a line as it comes, and the last line is the job. Ctrl-C ends the watching, not the job.";

pub const TRAIN_LOGS: &str = "\
Examples:
  sandmill train logs latest
  sandmill train logs latest --worker 1
  sandmill train logs latest --follow

With --json, each line is one object.";

pub const TRAIN_STOP: &str = "\
Examples:
  sandmill train stop latest
  sandmill train stop 019a5c1e --cancel

At the end of the step that is under way, the state is written down and the workers end. A job that was cancelled can
be resumed as well, from its last checkpoint.";

pub const TRAIN_RESUME: &str = "\
Example:
  sandmill train resume latest --watch";
