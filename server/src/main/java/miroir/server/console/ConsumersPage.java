package miroir.server.console;

/** Who may ask. */
record ConsumersPage(View view, AccessList list) {}
