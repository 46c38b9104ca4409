package miroir.index.terminology;

/** What is kept of a value set or a code system once it has been read. */
sealed interface Definition permits CodeSystem, ValueSet {

    /** How much memory it takes, in codes and texts of about a hundred bytes. */
    int weight();
}
