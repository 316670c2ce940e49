"""Commands for the administrator of a host; each is loaded when it is called."""
