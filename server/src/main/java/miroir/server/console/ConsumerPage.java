package miroir.server.console;

/** One consumer. */
record ConsumerPage(View view, ConsumerDetail detail) {}
