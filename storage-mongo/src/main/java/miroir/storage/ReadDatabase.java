package miroir.storage;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import org.bson.types.ObjectId;

/**
 * All that a store's database has of resources, as at one instant, for who carries it elsewhere. Nothing is made there, and servers go on
 * reading and writing.
 */
public final class ReadDatabase implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Who dies holds up what is settled for half a minute, and for longer with a transaction. */
    private static final Duration FOR_WHO_DIED = Duration.ofMinutes(2);

    private static final Set<Refusal.Reason> PASSING = Set.of(Refusal.Reason.NOT_READY, Refusal.Reason.TOO_COSTLY);

    private final StoreDatabase database;

    /** In which nothing is read that is older than what was read before, whichever member is the primary by then: what left current is in history. */
    private final ClientSession session;

    private final StoreDatabase inOrder;
    private Set<String> filledWith = Set.of();

    private ReadDatabase(StoreDatabase database) {
        this.database = database;
        this.session = database.startSession();
        this.inOrder = database.within(session, () -> {});
    }

    public static ReadDatabase open(MongoStoreSettings settings) {
        return new ReadDatabase(new StoreDatabase(settings));
    }

    /**
     * An instant up to which nothing will be added any more, and all can be seen: now, or later. What is settled may be older than that for as long as a process that
     * died has a commit open, and what was read before, such as marks, would promise more than there is; so it is waited for.
     *
     * @param requireGoing fails where it is to stop
     * @throws miroir.index.Refusal where the database is being filled itself, and is not whole, or is not all of the newest stored format
     */
    public Instant settled(Runnable requireGoing) {
        return Refusing.failures("finding what is settled", () -> {
            FillBoard.requireWhole(database);
            requireNewest();
            FindSettled find =
                    new FindSettled(new MongoFloors(database), new ObjectId().toHexString(), new OpenCommits());
            Instant wanted = database.primaryTime();
            filledWith = filledWith();
            long end = System.nanoTime() + FOR_WHO_DIED.toNanos();
            Instant settled = find.run(Duration.ofSeconds(1), Deadline.in(PATIENCE));
            while (settled.isBefore(wanted)) {
                requireGoing.run();
                if (System.nanoTime() > end) {
                    throw new Refusal(
                            Refusal.Reason.NOT_READY,
                            "a process has a transaction open since " + settled
                                    + ", or died within one: nothing after that is settled; try again later");
                }
                settled = find.run(Duration.ofSeconds(1), Deadline.in(PATIENCE));
            }
            return settled;
        });
    }

    /**
     * Refuses where somebody began to fill the database since, or has filled it.
     *
     * @throws Refusal where that is so
     */
    public void requireNotFilled() {
        Refusing.failures("looking for an import", () -> {
            FillBoard.requireWhole(database);
            Set<String> now = filledWith();
            if (!now.equals(filledWith)) {
                throw new Refusal(
                        Refusal.Reason.NOT_READY, "an import was made into this database meanwhile; export it again");
            }
            return now;
        });
    }

    private Set<String> filledWith() {
        Set<String> found = new TreeSet<>();
        database.state()
                .find(Filters.regex(StoredFields.ID, "^" + FillNotes.FILLED_WITH))
                .projection(Projections.include(StoredFields.ID))
                .forEach(note -> found.add(note.getString(StoredFields.ID).getValue()));
        return found;
    }

    /** What is of an older format could not be told from what is not in the place where it comes to. */
    private void requireNewest() {
        int newest = FormatSteps.shipped().newest();
        Optional<StoredFormat> said = new FormatBoard(database.database()).said();
        if (said.isEmpty() && types().isEmpty()) {
            return;
        }
        StoredFormat found = said.orElse(StoredFormat.unsaid());
        found.refusal(newest).ifPresent(why -> {
            throw new Refusal(Refusal.Reason.NOT_READY, why);
        });
        if (found.complete() < newest) {
            throw new Refusal(
                    Refusal.Reason.NOT_READY,
                    "what is stored is of format " + found.complete() + ", and exported is format " + newest
                            + ": a server of this version brings it there (docs/operations/upgrade.md)");
        }
    }

    /** The types of which there are collections. */
    public Set<String> types() {
        return Refusing.failures("listing types", database::types);
    }

    /**
     * Tells of all versions of a type, by id and then by version. What the database cannot answer for a moment, as while another primary is elected, is asked again.
     *
     * @param asOf an instant that is settled
     * @param requireGoing asked between pages; fails where it is to stop
     */
    public void versions(String type, Instant asOf, Runnable requireGoing, Consumer<MovedVersion> take) {
        SelectAllVersions all =
                new SelectAllVersions(inOrder, type, asOf, new Patiently("reading " + type, requireGoing));
        String last = "";
        while (last != null) {
            requireGoing.run();
            last = all.next(last, take);
        }
    }

    /** Tells of what erasures left of a type, by id, also of those since any instant. */
    public void erased(String type, Runnable requireGoing, Consumer<MovedVersion> take) {
        Patiently read = new Patiently("reading what was erased of " + type, requireGoing);
        new SelectAllVersions(inOrder, type, Instant.MAX, read).erased(take);
    }

    /** Asks again. */
    private static final class Patiently implements SelectAllVersions.Read {
        private final String doing;
        private final RepeatWhileAway repeat;

        Patiently(String doing, Runnable requireGoing) {
            this.doing = doing;
            this.repeat = new RepeatWhileAway(requireGoing, PASSING);
        }

        @Override
        public <T> T of(Supplier<T> question) {
            return repeat.run(() -> Refusing.failures(doing, question));
        }
    }

    @Override
    public void close() {
        session.close();
        database.close();
    }
}
