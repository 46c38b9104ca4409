package miroir.storage;

import com.mongodb.client.model.Filters;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;

/**
 * Gives up an import that cannot be gone on with: what it put in goes, and the database is as it was before, into which nobody ever wrote a resource. It may be killed at any point as
 * well, and called again; the same import may be begun again instead, for parts do not count any more before the first is dropped.
 */
final class GiveUpFilling {
    private final MongoStoreSettings settings;
    private final StoreDatabase database;
    private final FillDatabase.Watch watch;

    GiveUpFilling(MongoStoreSettings settings, StoreDatabase database, FillDatabase.Watch watch) {
        this.settings = settings;
        this.database = database;
        this.watch = watch;
    }

    /**
     * Does it; false where none was begun.
     *
     * @param marks forgets how far synchronisations are
     */
    boolean run(Runnable marks) {
        String with = FillBoard.with(database).orElse(null);
        if (with == null) {
            return false;
        }
        FillBoard board = new FillBoard(database, with, TakeFilling.LEASE);
        HeldFilling held = new HeldFilling(board, TakeFilling.LEASE);
        new TakeFilling(settings.database(), board, held, watch).run();
        boolean isGone = false;
        try {
            empty(new FillNotes(database, with), held, marks);
            board.end();
            isGone = true;
        } finally {
            if (!isGone) {
                board.letGo();
            }
        }
        return true;
    }

    private void empty(FillNotes notes, HeldFilling held, Runnable marks) {
        BsonDocument known = notes.read();
        if (known == null) {
            // Whoever began was killed before he put anything in.
            return;
        }
        Set<String> types = new TreeSet<>(FillNotes.types(known));
        if (FillNotes.isDone(known)) {
            throw new ConfigurationRefused(
                    "--give-up", "everything of that import is in: the same import again opens the database");
        }
        notes.forgetParts(held.until());
        for (String type : types) {
            held.until();
            database.patiently(database.current(type)).drop();
            database.patiently(database.history(type)).drop();
            database.counters().deleteOne(Filters.eq(StoredFields.ID, type));
            watch.say(type + " is removed");
        }
        marks.run();
        held.until();
        notes.remove();
    }
}
