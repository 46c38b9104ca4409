package miroir.storage.sync;

/**
 * A part of what a run has to read, to be read as one chain of pages.
 *
 * @param count how many resources it held when counted; more than asked for only where the window is the narrowest
 */
public record Piece(Window window, long count) {
    private static final long FEW = 20;

    /** Whether halves of it can be asked for, and are worth it. */
    public boolean isDivisible() {
        return count > FEW && !window.isNarrowest() && !window.equals(Window.ALWAYS);
    }
}
