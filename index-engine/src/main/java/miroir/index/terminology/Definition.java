package miroir.index.terminology;

/** What is kept of a value set or a code system once it has been read. */
public sealed interface Definition permits CodeSystem, ValueSet {}
