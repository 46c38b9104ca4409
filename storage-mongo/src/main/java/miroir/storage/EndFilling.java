package miroir.storage;

import com.mongodb.client.model.Filters;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import miroir.index.yaml.ConfigurationRefused;

/**
 * Makes a database that was filled one that can be served: all is counted, counters are above all positions, types are marked as having their search fields, and commits begin above all that
 * came. Each step may be done again, by the same process where the database was away, or by the one that goes on for who was killed between two of them. That it is done is written down
 * last, and then it is opened.
 */
final class EndFilling {
    private final StoreDatabase database;
    private final String name;
    private final FillNotes notes;
    private final FillBoard board;
    private final HeldFilling held;
    private final FillDatabase.Watch watch;

    /**
     * Ends one.
     *
     * @param name of the database
     */
    EndFilling(
            StoreDatabase database,
            String name,
            FillNotes notes,
            FillBoard board,
            HeldFilling held,
            FillDatabase.Watch watch) {
        this.database = database;
        this.name = name;
        this.notes = notes;
        this.board = board;
        this.held = held;
        this.watch = watch;
    }

    /** Does one step, and again where the database is away. */
    interface Steps {
        <T> T step(String doing, Supplier<T> step);
    }

    /**
     * Does it.
     *
     * @param made by what search fields were made
     */
    void run(List<FillDatabase.Expected> expected, Instant latest, VersionDocuments made, Steps steps) {
        for (FillDatabase.Expected each : expected) {
            steps.step("counting " + each.type(), () -> {
                requireAll(each);
                return each;
            });
        }
        steps.step("waiting until " + latest, () -> {
            awaitPast(latest);
            return latest;
        });
        boolean isOfOne = steps.step(
                "reading what is in", () -> FieldsNumber.of(Objects.requireNonNull(notes.read())) == made.number());
        for (FillDatabase.Expected each : expected) {
            steps.step("raising the counter of " + each.type(), () -> {
                complete(each.type(), isOfOne, made);
                return each;
            });
        }
        steps.step("ending an import", () -> {
            notes.done(database.primaryTime(), held.until());
            return name;
        });
        steps.step("opening the database", () -> {
            board.end();
            return name;
        });
    }

    /** What is there is counted, whatever is written down about it. Where some were erased, they may have been among the others, or not. */
    private void requireAll(FillDatabase.Expected expected) {
        String type = expected.type();
        held.until();
        long current = database.patiently(database.current(type)).countDocuments();
        held.until();
        long erased = database.patiently(database.current(type)).countDocuments(Filters.eq(StoredFields.ERASED, true));
        held.until();
        long history = database.patiently(database.history(type)).countDocuments();
        long most = expected.resources() + expected.erased();
        long earlier = expected.versions() - expected.resources();
        boolean isCurrent = current >= Math.max(expected.resources(), expected.erased()) && current <= most;
        boolean isHistory = history <= earlier && (expected.erased() > 0 || history == earlier);
        if (!isCurrent || !isHistory || erased != expected.erased()) {
            throw new ConfigurationRefused(
                    "the database " + name,
                    "has " + current + " resources of " + type + ", of which " + erased + " are erased, and " + history
                            + " earlier versions, and there should be " + expected
                            + ": somebody else changed it; 'import --give-up' removes all of it, and then it can be imported anew");
        }
    }

    /** Commits begin above it; and as long as it is not past, nobody who follows would be told of them. */
    private void awaitPast(Instant latest) {
        new MongoFloors(database).beginAbove(latest);
        if (!database.primaryTime().isAfter(latest)) {
            watch.say("waiting until " + latest + " is past: the other clock is ahead of this one");
        }
        while (!database.primaryTime().isAfter(latest)) {
            held.until();
            TakeFilling.pause(watch);
        }
    }

    private void complete(String type, boolean isOfOne, VersionDocuments made) {
        held.until();
        new RepairCounter(database).run(type);
        if (isOfOne) {
            notes.mark(type, made.fieldsNumber(type));
        }
    }
}
