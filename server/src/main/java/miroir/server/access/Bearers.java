package miroir.server.access;

/** Finds who shows a token; there are several kinds of them, and whoever asks need not know which. */
public interface Bearers {
    /** Who has it; refused where nobody has, or where it works no more. */
    KnownTokens.Known find(String token);
}
