package miroir.server.reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.path.RawValue;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.SearchInForce;
import miroir.index.store.TotalQuery;
import miroir.server.directory.Mailbox;
import miroir.server.format.AnswerFormat;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/** Goes through mailboxes page after page, those of one type of owners after those of another, each type in the order in which its resources came to be. */
record WalkMailboxes(ReportParts parts, Asking asking) {
    private static final int PAGE = 100;

    /** Takes some, and says whether it wants more. */
    interface Take {
        boolean take(List<OwnedMailbox> some) throws IOException;
    }

    void run(MailboxQuestion question, Take take) throws IOException {
        for (String type : MailboxQuestion.owners(parts)) {
            List<QueryParameter> search = question.search(type).orElse(null);
            if (search != null && !run(type, search, question, take)) {
                return;
            }
        }
    }

    private boolean run(String type, List<QueryParameter> search, MailboxQuestion question, Take take)
            throws IOException {
        long after = 0;
        boolean more = true;
        while (more) {
            Read page = page(type, search, question, after);
            if (!take.take(page.mailboxes())) {
                return false;
            }
            after = page.end();
            more = page.more();
        }
        return true;
    }

    private record Read(List<OwnedMailbox> mailboxes, boolean more, long end) {}

    private Read page(String type, List<QueryParameter> search, MailboxQuestion question, long after) {
        Deadline deadline = parts.deadline();
        SearchInForce taken = parts.inForce();
        ResourceStore store = parts.store(taken);
        Caller caller = asking.caller();
        PageQuery query = new PageQuery(type, where(taken, type, search), after, PAGE, deadline);
        return asking.inTurn(store, type, PAGE, deadline, held -> read(store, caller, query, question, held));
    }

    private static Read read(
            ResourceStore store, Caller caller, PageQuery query, MailboxQuestion question, WorkingMemory.Held held) {
        Page page = store.select(caller, query);
        held.read(page.resources(), AnswerFormat.PLAIN_JSON);
        Map<String, Known> named = NameResources.of(
                page.resources().stream()
                        .map(live -> RawValue.of(live.fhir()))
                        .flatMap(owner -> Stream.of(reference(owner, "practitioner"), reference(owner, "organization")))
                        .flatMap(Optional::stream),
                store,
                caller,
                query.deadline());
        List<OwnedMailbox> mailboxes = new ArrayList<>();
        long end = 0;
        for (ResourceVersion.Live live : page.resources()) {
            add(live, question, named, mailboxes);
            end = live.position();
        }
        return new Read(mailboxes, page.more() && end > 0, end);
    }

    private static void add(
            ResourceVersion.Live live, MailboxQuestion question, Map<String, Known> named, List<OwnedMailbox> into) {
        RawValue owner = RawValue.of(live.fhir());
        Known own = Known.of(live);
        String type = live.key().type();
        Known person = type.equals("Practitioner") ? own : referred(owner, "practitioner", named);
        Known place = type.equals("Organization") ? own : referred(owner, "organization", named);
        Mailbox.of(owner).stream()
                .filter(question::isMetBy)
                .map(mailbox -> new OwnedMailbox(mailbox, live.key(), own, person, place))
                .forEach(into::add);
    }

    private static Optional<String> reference(RawValue owner, String element) {
        RawValue reference = owner.get(element);
        return reference == null ? Optional.empty() : Optional.ofNullable(reference.text("reference"));
    }

    private static @Nullable Known referred(RawValue owner, String element, Map<String, Known> named) {
        return reference(owner, element).map(named::get).orElse(null);
    }

    /** How many owners of a type have mailboxes of a kind. */
    long count(String type, @Nullable String kind, Deadline deadline) {
        SearchInForce taken = parts.inForce();
        ResourceStore store = parts.store(taken);
        List<QueryParameter> search = MailboxQuestion.ofKind(kind).search(type).orElseThrow();
        TotalQuery query = TotalQuery.all(type, where(taken, type, search), null, deadline);
        Caller caller = asking.caller();
        return asking.inTurn(
                store, type, 0, deadline, held -> store.count(caller, query).matches());
    }

    private Condition where(SearchInForce taken, String type, List<QueryParameter> search) {
        SearchableParameters searchable = new SearchableParameters(taken.made().registry(), taken.pending()::why);
        MailboxQuestion.needed(search).forEach(code -> {
            if (taken.made().registry().find(type, code) == null) {
                throw new Refusal(
                        Refusal.Reason.NOT_SUPPORTED,
                        "mailboxes are found by the search parameter " + code + ", which the configuration of " + type
                                + " does not have");
            }
        });
        return new SearchParser(searchable, taken.made().zone(), taken.made().ownBases(), SearchLimits.defaults())
                .parse(type, search, Handling.STRICT)
                .where();
    }
}
