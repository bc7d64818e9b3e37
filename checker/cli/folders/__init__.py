"""Folders of maps and of captures: each file looked at, few of them here and very many by other processes."""
