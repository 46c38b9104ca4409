package miroir.index.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import miroir.index.Refusal;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Where resources are kept. Every method about resources says on whose behalf it is asked; every failure that the caller can do
 * something about is a {@link miroir.index.Refusal}.
 *
 * <p>What a caller may not see is not there for him: not read, found, counted, linked with or included, by the scope of each type that is
 * concerned. A version that is not the current one has to be within the scope, and the current one as well. A deletion has no content that could be within
 * a scope, so it is seen by those who may see all of its type. What he would write, or write over, outside of what he may is refused as forbidden.
 */
public interface ResourceStore extends AutoCloseable {

    /** The current version, a deletion included; empty where the id was never used. */
    Optional<ResourceVersion> read(Caller caller, ResourceKey key);

    /** This version, a deletion included; empty where it never was, was purged, or was erased. */
    Optional<ResourceVersion> readVersion(Caller caller, ResourceKey key, long version);

    /** One page of a history. */
    HistoryPage history(Caller caller, HistoryQuery query);

    /**
     * An instant up to which everything is settled: all versions with a {@code from} at or before it can be seen, and none
     * will ever be added. Waits no longer than {@code patience} for the present to be settled, and answers with an earlier
     * instant where that was not enough.
     */
    Instant settled(Caller caller, Duration patience, Deadline deadline);

    /**
     * Whether no version of a resource of these types began after a settled instant. Where that is so, what was read before
     * this call from the newest state is how it was then.
     */
    boolean isUnchangedSince(Caller caller, Set<String> types, Instant settled, Deadline deadline);

    /**
     * Reads from the newest state of these types, so that it can be told afterwards whether that is how it was at some instant, as
     * {@link #isUnchangedSince} does; a store may know it without looking.
     *
     * @param read reads in this thread
     */
    default <T> Newest<T> newest(Caller caller, Set<String> types, Supplier<T> read) {
        return new Newest<>(read.get(), (settled, deadline) -> isUnchangedSince(caller, types, settled, deadline));
    }

    /**
     * What is read as at a settled instant from resources of these types: from the newest state, which has indexes for everything, where
     * that is unchanged since; else from what held then.
     *
     * @param read reads as at an instant, or the newest where that is null; done twice where something changed meanwhile
     */
    default <T> T asAt(
            Caller caller, Set<String> types, Instant settled, Deadline deadline, Function<@Nullable Instant, T> read) {
        Optional<T> newest = newest(caller, types, settled, deadline, read);
        return newest.isPresent() ? newest.get() : read.apply(settled);
    }

    /** Empty where it is not how it was then; nothing keeps it while that is read. */
    private <T> Optional<T> newest(
            Caller caller, Set<String> types, Instant settled, Deadline deadline, Function<@Nullable Instant, T> read) {
        Newest<T> newest = newest(caller, types, () -> read.apply(null));
        return newest.unchanged().isSince(settled, deadline) ? Optional.of(newest.found()) : Optional.empty();
    }

    /** Makes the first version of a resource whose id nobody used, as {@link #put} would. */
    Written create(Caller caller, ResourceKey key, RawBsonDocument fhir);

    /**
     * Makes a resource where nothing meets the criteria, and is empty where something does. Of all who ask so with the same
     * criteria at the same time, through whatever server, one makes its resource, and the others find it if it meets them.
     * Refused where the id is that of a live resource. What the caller does not see does not meet them.
     *
     * @param origin what its history says of it
     */
    Optional<Written> createUnlessFound(
            Caller caller, Criteria criteria, ResourceKey key, RawBsonDocument fhir, ResourceVersion.Origin origin);

    /**
     * Makes this the current version. An id under which there is something that the caller does not see is refused. {@code fhir} has {@code resourceType} and {@code id}; its {@code meta.versionId}
     * and {@code meta.lastUpdated}, if any, are replaced. An update that changes nothing makes no version.
     */
    Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition);

    /**
     * Does what {@link #create} or {@link #put} would do with each of them, whatever becomes of the others, and tells of each in their order. Who watches
     * them from outside may see them in any order, or all at one instant.
     *
     * @param puts of which no two are about the same resource; not within a transaction, of which the failure of one is that of all
     * @param deadline after which none is begun
     */
    default List<PutOutcome> putEach(Caller caller, List<Put> puts, Deadline deadline) {
        return puts.stream().map(put -> put.alone(this, caller, deadline)).toList();
    }

    /**
     * Deletes the resource, which is a version as well. Empty where the id was never used, or where the caller does not see what is there.
     */
    Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition);

    /** Refuses what {@link #put} would refuse of this at this moment, and writes nothing. */
    void checkPut(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition);

    /** The same for {@link #delete}; false where the id was never used. */
    boolean checkDelete(Caller caller, ResourceKey key, Precondition precondition);

    /**
     * Removes the content of all versions for ever and leaves the fact that there was something. An erased id cannot be
     * written again. Empty where the id was never used.
     */
    Optional<Erased> erase(Caller caller, ResourceKey key);

    /**
     * Does searches, counts and a page of a history that belong together, once it is their turn where those are limited. Who
     * needs something for them that is scarce takes it in here, or would hold it while others have their turns. Outside of
     * this each waits for a turn of its own.
     */
    default <T> T inTurn(Deadline deadline, Supplier<T> searches) {
        return searches.get();
    }

    /**
     * The same for who looks something up for a write, and holds memory for it already. Their turns are others, or those who hold
     * memory and those who have turns would wait for each other.
     */
    default <T> T lookUp(Deadline deadline, Supplier<T> searches) {
        return searches.get();
    }

    /** The same for what an entry of a bundle searches: it may be slow, and anybody may send many. */
    default <T> T inTurnOfEntry(Deadline deadline, Supplier<T> searches) {
        return searches.get();
    }

    /** Whether several resources can be written all or none. */
    default boolean hasTransactions() {
        return false;
    }

    /**
     * Does all of the work or nothing of it. Where others were faster it is done again from the start; refused as a conflict once
     * the deadline has passed.
     *
     * @param types of which something may be written
     * @param work on a store in which everything that it wrote is there, and nothing that others write meanwhile. No resource may
     *     be written twice in it, and there are no histories
     */
    default <T> T inTransaction(Set<String> types, Deadline deadline, Function<ResourceStore, T> work) {
        throw new Refusal(
                Refusal.Reason.NOT_SUPPORTED,
                "this database stands alone, and only a replica set has transactions; a batch is done without one");
    }

    /** One page of a search. */
    Page select(Caller caller, PageQuery query);

    /** The next resources of a type, for who takes all of them along: page after page, and none twice, whatever is written meanwhile. */
    default HeldPage held(Caller caller, HeldQuery query) {
        Page page = asAt(
                caller, query.types(), query.asOf(), query.deadline(), instant -> select(caller, query.page(instant)));
        List<PagePosition> ends = page.ends();
        if (page.more() && ends.isEmpty()) {
            throw new IllegalStateException(
                    "a page of " + query.type() + " does not say where it ends, and is not the last");
        }
        return new HeldPage(
                page.resources(),
                !page.more() ? query.upTo() : ends.get(ends.size() - 1).position());
    }

    /** The current versions of what such a page has, without their content. */
    List<VersionStamp> stamps(Caller caller, PageQuery query);

    /** How the same page of the newest state is found, step by step; it is done for that. */
    Explanation explain(Caller caller, PageQuery query);

    /** What belongs to the matches of a page, in the order in which it is found; {@code more} where that was not all. */
    Page include(Caller caller, InclusionQuery query);

    /** How many resources match. */
    Total count(Caller caller, TotalQuery query);

    /**
     * What the resources of a type are labelled with, in the newest state. A label without a code is none, and a profile that a resource names
     * with a version as well counts with that only.
     */
    Labels labels(Caller caller, String type, Deadline deadline);

    /** Whether searches can be answered from indexes. */
    Readiness readiness();

    /** Of which types some resources may be missing from searches, since their search fields could not be made anew. */
    Set<String> incompleteTypes();

    /** How old the copies are, by the types that are copied from elsewhere; a few seconds late. */
    Map<String, Copied> copies();

    /** How many resources there are of a type, deletions left out, by the metadata: quick however many they are, and not exact after a crash. */
    long live(String type, Deadline deadline);

    /** How much room the resources of a type take, deletions and earlier versions included; quick however many they are. */
    StoredSize size(String type, Deadline deadline);

    /** Reports on all that is stored. */
    KeptReports reports();

    @Override
    void close();
}
