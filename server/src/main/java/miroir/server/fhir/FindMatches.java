package miroir.server.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Criteria;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;

/**
 * Finds what a conditional write is about. Between that and the write others write as well. So the write demands the very
 * version that was found, which met the criteria; where it is not the current one any more, everything begins again.
 */
final class FindMatches {
    private static final int MOST_COUNTED = 1000;

    /** As many as there is memory for during an update, with one more to see that more follow. */
    private static final int PAGE = 3;

    private final ResourceStore store;

    FindMatches(ResourceStore store) {
        this.store = store;
    }

    /** The only one, or none; several are refused. */
    Optional<ResourceVersion.Live> one(Caller caller, Criteria criteria) {
        Page page = page(caller, criteria, 0, 1);
        if (page.more()) {
            throw tooMany(caller, criteria, 1);
        }
        return page.resources().stream().findFirst();
    }

    /** All of them, without their content; more than that are refused. */
    List<Match> all(Caller caller, Criteria criteria, int most) {
        Total total = count(caller, criteria, most);
        List<Match> matches = new ArrayList<>();
        Page page = new Page(List.of(), total.matches() > 0);
        long after = 0;
        while (total.exact() && page.more() && matches.size() <= most) {
            page = page(caller, criteria, after, PAGE);
            for (ResourceVersion.Live live : page.resources()) {
                matches.add(Match.of(live));
                after = live.position();
            }
        }
        if (!total.exact() || matches.size() > most) {
            throw tooMany(caller, criteria, most);
        }
        return matches;
    }

    /** Attempts until one is not empty, which it is where others came in between. */
    static <T> T untilDone(Criteria criteria, Supplier<Optional<T>> attempt) {
        do {
            Optional<T> done = attempt.get();
            if (done.isPresent()) {
                return done.get();
            }
        } while (!criteria.deadline().remaining().isNegative());
        throw new Refusal(
                Refusal.Reason.CONFLICT,
                "what meets the criteria is being written by others all the time, so that nothing was written: try again");
    }

    /** A write that demands the version that was found; empty where that is not the current one any more. */
    static <T> Optional<T> unlessChanged(Supplier<Optional<T>> write) {
        try {
            return write.get();
        } catch (Refusal refused) {
            if (refused.reason() == Refusal.Reason.PRECONDITION_FAILED) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** Refuses where the client demands a version, and nothing is there. */
    static void requireNoneDemanded(Precondition ofClient) {
        if (ofClient instanceof Precondition.VersionIs || ofClient instanceof Precondition.Present) {
            throw failed("nothing meets the criteria, so no version of it is what If-Match demands");
        }
    }

    private Page page(Caller caller, Criteria criteria, long after, int limit) {
        PageQuery query = new PageQuery(criteria.type(), criteria.where(), after, limit, criteria.deadline());
        return store.lookUp(criteria.deadline(), () -> store.select(caller, query));
    }

    private Total count(Caller caller, Criteria criteria, int most) {
        TotalQuery query = TotalQuery.upTo(most, criteria.type(), criteria.where(), criteria.deadline());
        return store.lookUp(criteria.deadline(), () -> store.count(caller, query));
    }

    private Refusal tooMany(Caller caller, Criteria criteria, int most) {
        Total total = count(caller, criteria, Math.max(MOST_COUNTED, most));
        return failed((total.exact() ? "" : "more than ") + total.matches() + " " + criteria.type()
                + " meet the criteria, and at most " + most + " may; nothing was written");
    }

    private static Refusal failed(String message) {
        return new Refusal(Refusal.Reason.PRECONDITION_FAILED, message);
    }
}
