package miroir.sql;

import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.sql.configuration.CopyConfiguration;
import miroir.sql.copy.FailureText;
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
     * @param wanted the tables that it should have, with the fingerprints of their views
     */
    ExitCode print(CopyConfiguration copy, Map<String, String> wanted) {
        try (Target target = copy.place().openToRead()) {
            target.freeze(Set.of(SqlNames.LEDGER));
            if (!target.relations().contains(SqlNames.LEDGER)) {
                return tables(copy, wanted, Set.of(), "");
            }
            Ledger ledger = new Ledger(target);
            return tables(copy, wanted, ledger.all().values(), Objects.requireNonNullElse(ledger.error(), ""));
        } catch (SQLException e) {
            out.printf(
                    "%s  cannot be read: %s (%s)%n",
                    copy.name(), FailureText.of(e), copy.place().shown());
            return ExitCode.TARGET_AWAY;
        }
    }

    private ExitCode tables(
            CopyConfiguration copy, Map<String, String> wanted, Collection<TableState> tables, String error) {
        List<String> missing = missing(wanted, tables);
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
        missing.forEach(each -> out.printf("    %s%n", each));
        if (!error.isEmpty()) {
            out.printf("    does not go on: %s%n", error);
        }
        return state.equals("OK") ? ExitCode.DONE : ExitCode.NOT_ALL;
    }

    private static List<String> missing(Map<String, String> wanted, Collection<TableState> tables) {
        Map<String, TableState> there = tables.stream()
                .collect(Collectors.toMap(TableState::table, Function.identity(), (a, b) -> a, TreeMap::new));
        List<String> missing = new ArrayList<>();
        new TreeMap<>(wanted).forEach((name, fingerprint) -> {
            TableState state = there.remove(name);
            if (state == null) {
                missing.add(String.format("%-32s is not there yet", name));
            } else if (!state.fingerprint().equals(fingerprint)) {
                missing.add(String.format("%-32s is of the view as it was before it changed", name));
            }
        });
        there.keySet()
                .forEach(name -> missing.add(String.format("%-32s is of a view that is not wanted any more", name)));
        return missing;
    }

    private static String asOf(Collection<TableState> tables, Duration behind) {
        return tables.stream()
                .map(TableState::asOf)
                .min(Instant::compareTo)
                .map(asOf -> ", as of " + asOf + ", " + Math.max(0, behind.toSeconds()) + " s ago")
                .orElse("");
    }
}
