package miroir.server.console;

/** What this server is asked for. */
record LoadPage(View view, LoadShown shown) {}
