"""What makes a training robust. README.md in this folder has a line for each file."""
