package miroir.sql;

import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import miroir.sql.configuration.CopyConfiguration;
import miroir.sql.database.Ledger;
import miroir.sql.database.TableState;
import miroir.sql.database.Target;
import miroir.sql.table.SqlNames;

/** How copies are, by what is written down in them: the store need not answer for it. */
final class StatusReport {
    private final Duration late;
    private final Instant now;
    private final PrintStream out;

    StatusReport(Duration late, Instant now, PrintStream out) {
        this.late = late;
        this.now = now;
        this.out = out;
    }

    /**
     * Tells of one.
     *
     * @param wanted the tables that it should have
     */
    ExitCode print(CopyConfiguration copy, Set<String> wanted) {
        try (Target target = copy.place().openToRead()) {
            target.freeze();
            boolean isThere = target.relations().contains(SqlNames.LEDGER);
            return tables(copy, wanted, isThere ? new Ledger(target).all().values() : Set.of());
        } catch (SQLException e) {
            out.printf(
                    "%s  cannot be read: %s (%s)%n",
                    copy.name(), e.getMessage(), copy.place().shown());
            return ExitCode.TARGET_AWAY;
        }
    }

    private ExitCode tables(CopyConfiguration copy, Set<String> wanted, Collection<TableState> tables) {
        Set<String> missing = new TreeSet<>(wanted);
        tables.forEach(each -> missing.remove(each.table()));
        String error = tables.stream()
                .map(TableState::error)
                .filter(each -> each != null)
                .findFirst()
                .orElse("");
        Duration behind = tables.stream()
                .map(each -> Duration.between(each.asOf(), now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        boolean isLate = behind.compareTo(late) > 0;
        String state = !error.isEmpty() ? "FAILS" : !missing.isEmpty() ? "NOT WHOLE" : isLate ? "LATE" : "OK";
        out.printf("%s  %s  %s%s%n", copy.name(), state, copy.place().shown(), asOf(tables, behind));
        for (TableState each : tables) {
            out.printf("    %-32s %10d rows, changed last as of %s%n", each.table(), each.rows(), each.lastChange());
        }
        missing.forEach(name -> out.printf("    %-32s is not there yet%n", name));
        if (!error.isEmpty()) {
            out.printf("    does not go on: %s%n", error);
        }
        return state.equals("OK") ? ExitCode.DONE : ExitCode.NOT_ALL;
    }

    private static String asOf(Collection<TableState> tables, Duration behind) {
        return tables.stream()
                .map(TableState::asOf)
                .min(Instant::compareTo)
                .map(asOf -> ", as of " + asOf + ", " + Math.max(0, behind.toSeconds()) + " s ago")
                .orElse("");
    }
}
