package miroir.server.access;

/** Finds who shows a token; there are several kinds of them, and whoever asks need not know which. */
public interface Bearers {
    /** Who has it; refused where nobody has, or where it works no more. */
    Bearer find(String token);

    /** Whether it takes more to find that out than to look it up here. */
    boolean isDear(String token);
}
