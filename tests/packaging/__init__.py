"""What is handed out: icons, packages, the programs in them, and the way back to older versions."""
