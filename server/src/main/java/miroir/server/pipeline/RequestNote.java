package miroir.server.pipeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.NoteId;
import miroir.server.access.Named;
import miroir.server.audit.Audit;
import miroir.server.audit.NoteFields;
import miroir.server.audit.Outcome;
import miroir.server.proxy.Addresses;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.Interaction;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of a request. That somebody asks for a change is on its way to the database as soon as it is known that he may, and has arrived there before the store
 * is asked: see {@link #require}. What came of it is noted when it is over. Of what changes nothing there is one note, at the end, if any.
 *
 * <p>There are no bodies in it, and no search values but in notes of reads, which are for those who want that.
 */
public final class RequestNote {
    private static final int MOST_ENTRIES = 1_000;
    private static final int MOST_REFUSED = 10;
    private static final int LONGEST = 200;
    private static final int LONGEST_QUERY = 2_000;
    private static final long PATIENCE_SECONDS = 30;
    private static final Set<Integer> REFUSALS = Set.of(401, 403);
    private static final String TRANSACTION = "transaction";

    /** Somebody may have put one where a name belongs. */
    private static final Pattern TOKEN = Pattern.compile("miroir_[A-Za-z0-9_-]{20,}");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Audit audit;
    private final Exchange exchange;
    private @Nullable Note asked;
    private @Nullable CompletableFuture<Void> kept;
    private String name = "";
    private String concerned = "";
    private boolean transaction;
    private boolean writes;
    private List<String> entries = List.of();
    private List<Answered> answers = List.of();
    private List<String> written = List.of();

    /**
     * How an entry of a bundle was answered.
     *
     * @param written the versions that it made
     */
    public record Answered(int status, List<String> written) {
        public Answered {
            written = List.copyOf(written);
        }
    }

    RequestNote(Audit audit, Exchange exchange) {
        this.audit = audit;
        this.exchange = exchange;
    }

    /** The note of another request, kept where this one is. */
    RequestNote ofAnother(Exchange other) {
        return new RequestNote(audit, other);
    }

    /** Notes what changes something, once it is decided that it may; of a bundle it is not known yet whether it does. */
    void decided() {
        Interaction interaction = exchange.route().interaction();
        boolean changes = interaction == Interaction.ADMIN
                ? audit.isKept() && exchange.adminCall().route().changes()
                : interaction.writes() && audit.notesWrites();
        if (changes) {
            begin();
        }
    }

    /**
     * Tells what a bundle asks for, and notes it if it changes something, and who asks may do such things at all.
     *
     * @param asks methods and URLs
     * @param changes whether one of them does
     */
    public void bundle(boolean isTransaction, List<String> asks, boolean changes) {
        if (audit.isKept()) {
            transaction = isTransaction;
            writes = changes;
            entries = shown(asks);
            if (changes && audit.notesWrites() && exchange.rights().mayWrite()) {
                begin();
            }
        }
    }

    private static List<String> shown(List<String> asks) {
        List<String> shown = new ArrayList<>();
        asks.stream()
                .limit(MOST_ENTRIES)
                .map(entry -> shown(entry.split("\\?", 2)[0], LONGEST))
                .forEach(shown::add);
        if (asks.size() > MOST_ENTRIES) {
            shown.add("and " + (asks.size() - MOST_ENTRIES) + " more");
        }
        return shown;
    }

    /** Tells of whom this is, where the path does not. */
    public void named(String who) {
        name = who;
    }

    /** Tells what else this is about, where only what was done shows it. */
    public void concerns(String other) {
        concerned = other;
    }

    /** Tells which versions were made. */
    public void made(List<String> versions) {
        written = first(versions);
    }

    /** Tells how the entries of a bundle were answered. */
    public void answered(List<Answered> all) {
        List<Answered> kept = new ArrayList<>();
        int left = MOST_ENTRIES;
        for (Answered each : first(all)) {
            List<String> some =
                    each.written().subList(0, Math.min(left, each.written().size()));
            left -= some.size();
            kept.add(new Answered(each.status(), some));
        }
        answers = kept;
    }

    private static <T> List<T> first(List<T> all) {
        return all.size() <= MOST_ENTRIES ? List.copyOf(all) : List.copyOf(all.subList(0, MOST_ENTRIES));
    }

    /** Returns once it is kept that this was asked, if that is to be; refuses what cannot be noted. */
    public void require() {
        if (!(exchange.isAdministration() ? audit.isKept() : audit.notesWrites())) {
            return;
        }
        try {
            begin();
            Objects.requireNonNull(kept).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Refusal refusal ? refusal : notNoted();
        } catch (TimeoutException e) {
            throw notNoted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notNoted();
        }
    }

    private static Refusal notNoted() {
        return new Refusal(
                Refusal.Reason.NOT_READY, "it took too long to note what you ask for, so nothing was done: try again");
    }

    private void begin() {
        if (asked == null) {
            Note note = new Note(NoteId.make(Instant.now()), content());
            asked = note;
            kept = audit.begin(note, weight());
        }
    }

    /** The request is over. */
    void end(int status) {
        if (!audit.isKept()) {
            return;
        }
        Note begun = asked;
        if (begun != null) {
            audit.end(outcome(begun, status), weight());
        } else if (isRefused(status)) {
            keepRefused();
            audit.refused(Addresses.network(exchange.client()), whole(content(), status), weight());
        } else if (isRead() && (audit.notesReads(exchange.rights().byToken()) || isExportOfAudit())) {
            audit.read(whole(withQuery(content()), status), weight());
        }
    }

    /** Of a bundle an entry is enough; of an administrator to be everything that is wrong is, such as a password. */
    private boolean isRefused(int status) {
        return REFUSALS.contains(status)
                || answers.stream().anyMatch(answer -> REFUSALS.contains(answer.status()))
                || (exchange.isAdministration() && !isGet() && Outcome.of(status) != Outcome.SUCCESS);
    }

    /** Who is refused may send what he likes, as often as he likes: of a bundle only some entries are kept. */
    private void keepRefused() {
        List<String> refused = new ArrayList<>();
        List<Answered> how = new ArrayList<>();
        for (int i = 0; i < Math.min(entries.size(), answers.size()); i++) {
            if (REFUSALS.contains(answers.get(i).status()) && refused.size() < MOST_REFUSED) {
                refused.add(entries.get(i));
                how.add(answers.get(i));
            }
        }
        entries = answers.isEmpty() ? entries.subList(0, Math.min(entries.size(), MOST_REFUSED)) : refused;
        answers = how;
        written = List.of();
    }

    /** Somebody takes along who asked about whom. */
    private boolean isExportOfAudit() {
        return exchange.route().interaction() == Interaction.ADMIN
                && exchange.adminCall().route() == AdminRoute.EXPORT_AUDIT;
    }

    private boolean isGet() {
        return exchange.request().getMethod().equals("GET");
    }

    private boolean isRead() {
        return switch (exchange.route().interaction()) {
            case READ,
                    VREAD,
                    SEARCH_TYPE,
                    SEARCH_SYSTEM,
                    SEARCH_COMPARTMENT,
                    HISTORY_INSTANCE,
                    HISTORY_TYPE,
                    HISTORY_SYSTEM,
                    EVERYTHING,
                    DIRECTORY_SEARCH,
                    REPORT,
                    REPORT_OF_CHANGES,
                    META,
                    VALIDATE,
                    BY_IDENTIFIER,
                    SEEN,
                    LOOKUP,
                    VALIDATE_CODE,
                    EXPAND,
                    EXPORT,
                    EXPORT_CANCEL,
                    EXPORT_FILE,
                    RUN_VIEW,
                    ADMIN -> true;
            case BATCH -> !writes;
            default -> false;
        };
    }

    private BsonDocument content() {
        BsonDocument content = new BsonDocument();
        String who = exchange.consumer();
        put(content, KeptAudit.WHO, who);
        put(content, NoteFields.TOKEN, token(who));
        put(content, NoteFields.ADDRESS, exchange.client());
        put(content, NoteFields.REQUEST, exchange.requestId());
        put(content, KeptAudit.INTERACTION, interaction());
        if (exchange.isAdministration()) {
            putAdministration(content);
        } else {
            put(content, KeptAudit.TYPE, exchange.route().type());
            put(content, KeptAudit.ID, exchange.route().id());
        }
        if (!entries.isEmpty()) {
            content.put(NoteFields.ENTRIES, texts(entries));
        }
        return content;
    }

    private String interaction() {
        if (exchange.isAdministration()) {
            return Interaction.ADMIN.code();
        }
        return transaction ? TRANSACTION : exchange.route().interaction().code();
    }

    private void putAdministration(BsonDocument content) {
        String asksFor = exchange.adminCall().name();
        put(content, KeptAudit.TYPE, exchange.adminCall().route().name());
        put(content, KeptAudit.ID, shown(asksFor.isEmpty() ? name : asksFor, LONGEST));
        String second = exchange.adminCall().second();
        put(content, NoteFields.SECOND, shown(second.isEmpty() ? concerned : second, LONGEST));
    }

    private String token(String who) {
        if (!exchange.rights().byToken()) {
            return Authentication.hasToken(exchange.request()) ? "refused" : "none";
        }
        return who.startsWith(Named.ADMINISTRATOR.id("")) ? "session" : who.equals(Rights.LOCAL) ? who : "consumer";
    }

    private BsonDocument withQuery(BsonDocument content) {
        List<QueryParameter> query = exchange.query();
        if (!query.isEmpty()) {
            StringBuilder text = new StringBuilder(exchange.route().path());
            for (int i = 0; i < query.size() && text.length() < LONGEST_QUERY; i++) {
                text.append(i == 0 ? '?' : '&')
                        .append(query.get(i).name())
                        .append('=')
                        .append(query.get(i).value());
            }
            put(content, NoteFields.QUERY, shown(text.toString(), LONGEST_QUERY));
        }
        return content;
    }

    /** It is found by what the note is found by. */
    private Note outcome(Note begun, int status) {
        BsonDocument content = new BsonDocument();
        for (String field :
                List.of(KeptAudit.WHO, KeptAudit.INTERACTION, KeptAudit.TYPE, KeptAudit.ID, NoteFields.REQUEST)) {
            if (begun.content().containsKey(field)) {
                content.put(field, begun.content().get(field));
            }
        }
        return new Note(begun.id().outcome(), ended(content, status));
    }

    private Note whole(BsonDocument content, int status) {
        return new Note(NoteId.make(Instant.now()), ended(content, status));
    }

    private BsonDocument ended(BsonDocument content, int status) {
        content.append(KeptAudit.OUTCOME, new BsonString(Outcome.of(status).word()))
                .append(NoteFields.STATUS, new BsonInt32(status))
                .append(NoteFields.MILLIS, new BsonInt64(TimeUnit.NANOSECONDS.toMillis(exchange.nanos())));
        put(content, NoteFields.SECOND, shown(concerned, LONGEST));
        if (!written.isEmpty()) {
            content.append(NoteFields.WRITTEN, texts(written));
        }
        if (!answers.isEmpty()) {
            content.append(
                    NoteFields.ANSWERS,
                    new BsonArray(answers.stream().map(RequestNote::document).toList()));
        }
        return content;
    }

    private static BsonDocument document(Answered answer) {
        BsonDocument document = new BsonDocument(NoteFields.STATUS, new BsonInt32(answer.status()));
        return answer.written().isEmpty() ? document : document.append(NoteFields.WRITTEN, texts(answer.written()));
    }

    private int weight() {
        return 1
                + entries.size()
                + answers.stream()
                        .mapToInt(answer -> 1 + answer.written().size())
                        .sum()
                + written.size();
    }

    private static BsonArray texts(List<String> texts) {
        return new BsonArray(texts.stream().map(BsonString::new).toList());
    }

    private static void put(BsonDocument content, String field, String value) {
        if (!value.isEmpty()) {
            content.put(field, new BsonString(value));
        }
    }

    private static String shown(String text, int longest) {
        String printable = CONTROL.matcher(text).replaceAll("?");
        String harmless = TOKEN.matcher(printable).replaceAll("miroir_...");
        int end = Math.min(longest, harmless.length());
        boolean splits = end > 0 && end < harmless.length() && Character.isHighSurrogate(harmless.charAt(end - 1));
        return harmless.substring(0, splits ? end - 1 : end);
    }
}
