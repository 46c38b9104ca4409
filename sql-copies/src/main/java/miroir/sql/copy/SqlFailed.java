package miroir.sql.copy;

import java.sql.SQLException;

/** The database of a copy failed where only what is unchecked can be told. */
final class SqlFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SQLException failure;

    SqlFailed(SQLException failure) {
        super(failure);
        this.failure = failure;
    }

    SQLException failure() {
        return failure;
    }

    /** Something that may fail so. */
    interface Step {
        void run() throws SQLException;
    }

    /** Does it within what may not. */
    static void within(Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            throw new SqlFailed(e);
        }
    }
}
