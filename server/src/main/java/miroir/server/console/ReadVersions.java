package miroir.server.console;

import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.server.console.Differences.Difference;
import miroir.server.console.VersionsPage.DifferenceRow;
import miroir.server.console.VersionsPage.VersionRow;
import miroir.server.fhir.AskFhir;
import miroir.server.fhir.Told;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Reads what the history of a resource shows: each version with what is different from the one before. */
final class ReadVersions {
    private static final Badge CREATED = new Badge("good", "+", "res.created");
    private static final Badge CHANGED = new Badge("warn", "≠", "res.changed");
    private static final Badge DELETED = new Badge("bad", "−", "res.deleted");
    private static final Badge ERASED = new Badge("bad", "−", "res.erased");
    private static final Badge ADDED = new Badge("good", "+", "res.added");
    private static final Badge REMOVED = new Badge("bad", "−", "res.removed");
    private static final Badge REORDERED = new Badge("off", "↕", "res.reordered");

    private static final int COUNT = 10;
    private static final int LONGEST = 300;

    private final AskFhir ask;

    ReadVersions(AskFhir ask) {
        this.ask = ask;
    }

    /**
     * A page, of which the oldest version may lack the one before, which is on the next.
     *
     * @param last that version; null: it lacks nothing
     */
    private record Read(
            List<VersionRow> rows,
            ResourceVersion.@Nullable Live last,
            @Nullable String next) {}

    VersionsPage run(View view, ResourceKey key, String token) {
        QueryParameter how = token.isEmpty()
                ? new QueryParameter("_count", Integer.toString(COUNT))
                : new QueryParameter(AskFhir.PAGE, token);
        Read read = ask.get(
                view.exchange(),
                key + "/_history?" + QueryParameter.encode(List.of(how)),
                told -> read(view, (Told.Page) told));
        List<VersionRow> rows = new ArrayList<>(read.rows());
        ResourceVersion.Live last = read.last();
        if (last != null) {
            rows.set(rows.size() - 1, before(view, last));
        }
        String next = read.next();
        return new VersionsPage(
                view,
                key,
                rows,
                next == null
                        ? null
                        : view.url(ResourcePages.path(key) + "/history?"
                                + QueryParameter.encode(List.of(new QueryParameter(AskFhir.PAGE, next)))));
    }

    private static Read read(View view, Told.Page page) {
        List<ResourceVersion> versions = page.versions();
        List<VersionRow> rows = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            ResourceVersion before = i + 1 < versions.size() ? versions.get(i + 1) : null;
            rows.add(row(view, versions.get(i), before instanceof ResourceVersion.Live live ? decoded(live) : null));
        }
        boolean isAlone = !versions.isEmpty()
                && versions.get(versions.size() - 1) instanceof ResourceVersion.Live live
                && isChange(live);
        return new Read(rows, isAlone ? (ResourceVersion.Live) versions.get(versions.size() - 1) : null, page.next());
    }

    private static boolean isChange(ResourceVersion.Live live) {
        return live.origin() == ResourceVersion.Origin.UPDATED;
    }

    private static BsonDocument decoded(ResourceVersion.Live live) {
        return ReadResource.decoded(live.fhir());
    }

    /** The same version once the one before it is read; histories that are not kept for ever have an oldest one. */
    private VersionRow before(View view, ResourceVersion.Live live) {
        try {
            return ask.get(
                    view.exchange(),
                    live.key() + "/_history/" + (live.version() - 1),
                    told -> row(view, live, ReadResource.decoded(((Told.OneResource) told).fhir())));
        } catch (Refusal refused) {
            if (refused.reason() != Refusal.Reason.NOT_FOUND && refused.reason() != Refusal.Reason.DELETED) {
                throw refused;
            }
            return row(view, live, null);
        }
    }

    private static VersionRow row(View view, ResourceVersion version, @Nullable BsonDocument before) {
        String number = Long.toString(version.version());
        String when = view.when(version.from());
        if (version instanceof ResourceVersion.Deleted deleted) {
            return new VersionRow(number, when, deleted.erased() ? ERASED : DELETED, null, null, List.of(), false);
        }
        ResourceVersion.Live live = (ResourceVersion.Live) version;
        String path = view.url(ResourcePages.path(live.key()) + "/history/" + number);
        if (!isChange(live)) {
            return new VersionRow(number, when, CREATED, path, null, List.of(), false);
        }
        if (before == null) {
            return new VersionRow(number, when, CHANGED, path, "res.notKept", List.of(), false);
        }
        List<Difference> found = Differences.between(before, decoded(live));
        ElementText texts = ElementText.in(view);
        return new VersionRow(
                number,
                when,
                CHANGED,
                path,
                found.isEmpty() ? "res.same" : null,
                found.stream()
                        .limit(Differences.MOST)
                        .map(each -> row(texts, each))
                        .toList(),
                found.size() > Differences.MOST);
    }

    private static DifferenceRow row(ElementText texts, Difference difference) {
        Badge badge = switch (difference.kind()) {
            case ADDED -> ADDED;
            case REMOVED -> REMOVED;
            case CHANGED -> CHANGED;
            case REORDERED -> REORDERED;
        };
        return new DifferenceRow(
                badge,
                difference.path(),
                text(texts, difference.type(), difference.before()),
                text(texts, difference.type(), difference.after()));
    }

    private static String text(ElementText texts, String type, @Nullable BsonValue value) {
        String text = value == null ? "" : texts.shortly(type, value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
