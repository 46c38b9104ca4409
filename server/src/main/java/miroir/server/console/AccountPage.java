package miroir.server.console;

/** Who is logged in, and the form by which he gets another password. */
record AccountPage(View view) {}
