package miroir.sync.upstream;

/** An answer with status 200 that is no whole page. */
final class NotWhole extends Exception {
    private static final long serialVersionUID = 1L;

    NotWhole(String reason) {
        super(reason, null, false, false);
    }
}
