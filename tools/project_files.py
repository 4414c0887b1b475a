"""Which files belong to the project, for the lints and the guards. Standard library only."""
import os
import subprocess

SKIPPED_FOLDERS = {".git", ".cache", "build", "run", "node_modules", "__pycache__"}


def project_files(root):
    """Paths relative to `root`: what git tracks or would track; without git, everything outside build folders."""
    try:
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True).stdout.decode()
        names = [name for name in listing.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = _walk(root)
    return sorted({name for name in names if os.path.isfile(os.path.join(root, name))})


def _walk(root):
    names = []
    for folder, children, files in os.walk(root):
        children[:] = [child for child in children if child not in SKIPPED_FOLDERS]
        names += [os.path.relpath(os.path.join(folder, name), root) for name in files]
    return names


def read_text(root, name):
    """The file's text; bytes that are no UTF-8 are replaced, so that every guard can look at every file."""
    with open(os.path.join(root, name), "rb") as handle:
        return handle.read().decode("utf-8", "replace")


def cpp_files(root):
    """The project's C and C++ files."""
    return [name for name in project_files(root) if name.endswith((".cpp", ".hpp", ".h", ".c"))]
