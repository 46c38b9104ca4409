package miroir.storage;

/**
 * The stored format of a database.
 *
 * @param number in which everything is written
 * @param complete that all that is stored has reached; less than the number while it is being brought there
 */
public record FormatReached(int number, int complete) {}
