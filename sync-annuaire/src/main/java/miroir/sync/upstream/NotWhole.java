package miroir.sync.upstream;

/** An answer with status 200 that is no whole page. */
final class NotWhole extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    NotWhole(String reason) {
        this(reason, false);
    }

    private NotWhole(String reason, boolean lasting) {
        super(reason, null, false, false);
        this.lasting = lasting;
    }

    /** One that would come again, however often it was asked for. */
    static NotWhole always(String reason) {
        return new NotWhole(reason, true);
    }

    boolean isLasting() {
        return lasting;
    }
}
