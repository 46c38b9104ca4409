package miroir.storage;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import miroir.index.store.MakeSearch;
import miroir.index.store.SearchMade;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces what is searched where the files of this process or the stored parameters say something else than what is in force.
 *
 * <p>What a process starts with is announced where it never was in force here. Where it was, and something else came after it, it is
 * a leftover of before a change: the process takes over what is in force and says so, or two servers that are updated one after
 * the other would change it to and fro.
 *
 * <p>One thread at a time does this; {@link #remarks} is for all.
 */
final class AnnounceSearch {
    private static final Logger LOG = LoggerFactory.getLogger(AnnounceSearch.class);

    private static final String TO_GO_BACK = "to go back to them on purpose, change a comment in one of them";
    private static final Looked NEVER = new Looked(0, "", "");

    private final SearchBoard board;
    private final MakeSearch makeSearch;
    private final SearchChanges changes;
    private final SelectParameters selectParameters;
    private final SearchTerms terms;
    private final Supplier<LoadedSearch> known;
    private final Consumer<LoadedSearch> use;
    private volatile Looked ofFiles = NEVER;
    private volatile Looked ofParameters = NEVER;
    private long lookedAtFiles;
    private long lookedAtParameters;

    /** What was looked at while a number was in force, and what is to be said of it: the same again needs no second look. */
    private record Looked(long number, Object at, String remark) {
        boolean was(long inForce, Object now) {
            return number == inForce && at.equals(now);
        }
    }

    /**
     * Announces on a board.
     *
     * @param known what is in force in this process
     * @param use has it use what it announced
     */
    AnnounceSearch(
            SearchBoard board,
            MakeSearch makeSearch,
            SearchChanges changes,
            SelectParameters selectParameters,
            SearchTerms terms,
            Supplier<LoadedSearch> known,
            Consumer<LoadedSearch> use) {
        this.board = board;
        this.makeSearch = makeSearch;
        this.changes = changes;
        this.selectParameters = selectParameters;
        this.terms = terms;
        this.known = known;
        this.use = use;
    }

    /** In words, each a sentence or a part of one. */
    Stream<String> remarks() {
        return Stream.of(ofFiles.remark(), ofParameters.remark());
    }

    /** Whatever goes wrong with it: it would go wrong again, and who cannot make something does not hold up others. */
    SearchMade make(BsonDocument description, List<RawBsonDocument> parameters) {
        try {
            return makeSearch.make(description, parameters);
        } catch (ConfigurationRefused refused) {
            throw refused;
        } catch (RuntimeException | Error e) {
            LOG.debug("what is searched cannot be made", e);
            throw new ConfigurationRefused("what is searched", "it cannot be made: " + e);
        }
    }

    /** Announces what this process starts with where it was never in force: then what is need not be understood by it. */
    boolean announceNew(SearchNumber number) {
        if (!changes.announcing()) {
            return false;
        }
        try {
            BsonDocument ours = makeSearch.ours();
            if (ours.equals(number.description()) || board.knows(ours, number.number())) {
                return false;
            }
            announceOurs(number, ours);
            return true;
        } catch (ConfigurationRefused refused) {
            LOG.warn("what is in force stays, for the files of this server cannot be: {}", refused.getMessage());
            return false;
        }
    }

    /** Announces what the files of this process say, after that number. */
    void announceOurs(SearchNumber before) {
        announceOurs(before, makeSearch.ours());
    }

    private void announceOurs(SearchNumber before, BsonDocument ours) {
        List<RawBsonDocument> stored = selectParameters.active().parameters();
        SearchMade made = make(ours, stored);
        announce(before.next(ours, made.ofResources() ? stored : List.of(), made), made);
    }

    /** Announces the same as before with these stored parameters. */
    void announceWith(SearchNumber before, List<RawBsonDocument> parameters) {
        SearchMade made = make(before.description(), parameters);
        announce(before.next(before.description(), parameters, made), made);
    }

    /** Where somebody else was faster the number is his, and it is announced for him should he not live to do it. */
    private void announce(SearchNumber next, SearchMade made) {
        boolean isOurs = board.putUp(next);
        board.announce(next.number());
        if (isOurs) {
            use.accept(new LoadedSearch(next, made));
        }
    }

    /** Looks at what it is time for, or at everything. */
    void lookForChanges(boolean atOnce) {
        long now = System.nanoTime();
        boolean look = atOnce || lookedAtFiles == 0;
        if (look || now - lookedAtFiles > terms.files().toNanos()) {
            lookedAtFiles = now;
            lookAtFiles();
        }
        if (known.get().made().ofResources()
                && (look || now - lookedAtParameters > terms.parameters().toNanos())) {
            lookedAtParameters = now;
            lookAtParameters();
        }
    }

    private void lookAtFiles() {
        if (!changes.announcing()) {
            return;
        }
        LoadedSearch inForce = known.get();
        try {
            BsonDocument ours = makeSearch.ours();
            if (!ofFiles.was(inForce.number(), ours)) {
                ofFiles = said(ofFiles, new Looked(inForce.number(), ours, announceOrLeave(inForce.kept(), ours)));
            }
        } catch (ConfigurationRefused refused) {
            ofFiles = said(ofFiles, new Looked(inForce.number(), refused.reason(), notUnderstood(refused)));
        }
    }

    private static String notUnderstood(ConfigurationRefused refused) {
        return "what is searched stays as it is, for the files of now cannot be in force: " + refused.getMessage();
    }

    /** What is to be said of it. */
    private String announceOrLeave(SearchNumber inForce, BsonDocument ours) {
        if (ours.equals(inForce.description())) {
            return "";
        }
        if (board.knows(ours, inForce.number())) {
            return "the files of this server were replaced by those of another, which are in force; " + TO_GO_BACK;
        }
        try {
            announceOurs(inForce, ours);
            return "";
        } catch (ConfigurationRefused refused) {
            return notUnderstood(refused);
        }
    }

    private static Looked said(Looked before, Looked now) {
        if (!now.remark().isEmpty() && !now.remark().equals(before.remark())) {
            LOG.warn("{}", now.remark());
        }
        return now;
    }

    /** Whatever failed on the way is tried again, for only what came to an end is remembered. */
    private void lookAtParameters() {
        SearchNumber inForce = known.get().kept();
        List<BsonDocument> heads = selectParameters.heads();
        if (ofParameters.was(inForce.number(), heads)) {
            return;
        }
        SelectParameters.Active active = selectParameters.active();
        String remark = active.remark();
        if (!active.parameters().equals(inForce.parameters())) {
            try {
                announceWith(inForce, active.parameters());
            } catch (ConfigurationRefused refused) {
                remark = "what is searched stays as it is, for a stored parameter is not understood: "
                        + refused.getMessage();
            }
        }
        ofParameters = said(ofParameters, new Looked(inForce.number(), heads, remark));
    }
}
