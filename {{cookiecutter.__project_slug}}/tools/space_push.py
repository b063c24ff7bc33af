"""Put a folder that is a Space onto Hugging Face."""

import os
from pathlib import Path

from huggingface_hub import HfApi, get_token

from engine.settings import UserError


def push_space(folder: Path, name: str) -> None:
    """Put a folder onto Hugging Face, or where nobody is logged in print how to.

    Args:
        folder: From write_space.
        name: Of the Space: the owner's name, a slash, its own.

    Raises:
        UserError: Hugging Face cannot be reached, or refuses it.
    """
    token = get_token()
    if token is None:
        print("you are not logged in at Hugging Face: these three commands put it there")
        for command in commands(folder, name):
            print(f"    {command}")
        return
    api = HfApi(token=token)
    try:
        api.create_repo(name, repo_type="space", space_sdk="gradio", exist_ok=True)
        api.upload_folder(repo_id=name, repo_type="space", folder_path=folder)
    except Exception as error:  # of which kinds, depends on the version of huggingface_hub
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise UserError(
            f"{name} was not put onto Hugging Face: {reason}; {folder} is complete, so the same "
            "command may try again"
        ) from error
    print(f"it is at {api.endpoint}/spaces/{name}, and ready in a few minutes")


def commands(folder: Path, name: str) -> list[str]:
    """Return what a person types to put a folder onto Hugging Face."""
    slashes = os.fspath(folder).replace(os.sep, "/")  # every system understands them
    return [
        "hf auth login",
        f"hf repos create {name} --type space --sdk gradio --exist-ok",
        f'hf upload {name} "{slashes}" . --type space',
    ]
