package miroir.server.console;

/** What is kept, by type. */
record TypesPage(View view, TypeList list) {}
