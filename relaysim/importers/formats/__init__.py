"""One module for each form in which a shell, a script or a directory tool writes its objects."""
