package miroir.simulator.query;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.simulator.Directory;
import miroir.simulator.fault.Fault;
import miroir.simulator.life.Position;
import miroir.simulator.life.Standing;
import miroir.simulator.life.World;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * One page of a search. It is written while it is found, as upstream does: matches, what is included, the links; so a
 * page may have any length.
 */
public final class ResultPage {
    private static final int CHUNK = 64 * 1024;

    private final World world;
    private final PageLinks links;
    private final Query query;
    private final PageLinks.Page page;
    private final Map<String, Standing> included = new LinkedHashMap<>();
    private final Utf8Buffer out = new Utf8Buffer(2 * CHUNK);
    private boolean first = true;

    ResultPage(World world, PageLinks links, Query query, PageLinks.Page page) {
        this.world = world;
        this.links = links;
        this.query = query;
        this.page = page;
    }

    /** 1 for the first page. */
    public int ordinal() {
        return page.ordinal();
    }

    /** Whether it has a total and no resources. */
    public boolean isCountOnly() {
        return query.count() == 0;
    }

    /** Whether there is a page after it. */
    public boolean isFollowed() {
        Matches matches = Matches.of(world, query, page.snapshot(), page.position());
        for (int i = 0; i < query.count(); i++) {
            matches.next();
        }
        return !isCountOnly() && matches.next() != null;
    }

    public String type() {
        return query.kind().type();
    }

    /**
     * Writes it.
     *
     * @param base of the links
     * @param self the address that was asked
     * @param fault what of it goes wrong, if anything does
     */
    public void write(OutputStream target, String base, String self, @Nullable Fault fault) throws IOException {
        out.putAscii("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"id\":");
        out.putQuoted(UUID.randomUUID().toString());
        total(fault);
        out.putAscii(",\"entry\":[");
        Position next = matches(target, base, fault);
        for (Standing standing : included.values()) {
            entry(target, base, standing, null);
        }
        out.putAscii("],\"link\":[");
        if (next != null && fault != Fault.EARLY_END) {
            link("next", base + "/_page?id=" + links.id(following(next)));
            out.putByte(',');
        }
        link("self", self);
        out.putAscii("]}");
        out.writeTo(target);
    }

    private void total(@Nullable Fault fault) {
        if (page.total() >= 0 && fault != Fault.NO_TOTAL) {
            out.putAscii(",\"total\":");
            out.putLong(said(page.total(), fault));
        }
    }

    private static long said(long total, @Nullable Fault fault) {
        if (fault == Fault.ZERO_TOTAL) {
            return 0;
        }
        return Math.max(0, total + (fault == Fault.WRONG_TOTAL ? 1 : fault == Fault.LOW_TOTAL ? -1 : 0));
    }

    /** Returns where the next page begins; null where there is none. */
    private @Nullable Position matches(OutputStream target, String base, @Nullable Fault fault) throws IOException {
        Matches matches = Matches.of(world, query, page.snapshot(), page.position());
        if (query.count() == 0) {
            return null;
        }
        for (int i = 0; i < query.count(); i++) {
            Standing standing = matches.next();
            if (standing == null) {
                return null;
            }
            include(standing);
            entry(target, base, standing, i == 0 ? fault : null);
        }
        return fault == Fault.DUPLICATE_PAGE ? page.position() : afterThis(matches, fault);
    }

    private @Nullable Position afterThis(Matches matches, @Nullable Fault fault) {
        for (int i = 0; fault == Fault.MISSING_PAGE && i < query.count(); i++) {
            matches.next();
        }
        Position next = matches.position();
        return matches.next() == null ? null : next;
    }

    private PageLinks.Page following(Position next) {
        return new PageLinks.Page(page.kind(), page.query(), page.snapshot(), next, page.ordinal() + 1, page.total());
    }

    private void include(Standing match) {
        for (Inclusion inclusion : query.includes()) {
            FindElements.under(
                    world.resource(match),
                    inclusion.reference().paths().get(0),
                    reference -> included(inclusion, reference.asDocument()));
        }
        for (Inclusion inclusion : query.revincludes()) {
            Criterion refers = new Criterion(inclusion.reference(), "", List.of(world.id(match)));
            long[] range = Directory.neighbours(match.kind(), match.number(), inclusion.from());
            LongStream.range(range[0], range[1])
                    .mapToObj(number -> world.standing(inclusion.from(), number, page.snapshot()))
                    .filter(standing -> standing.exists() && refers.holds(world.resource(standing)))
                    .forEach(this::included);
        }
    }

    private void included(Inclusion inclusion, BsonDocument reference) {
        String id = Criterion.idOf(reference.getString("reference").getValue());
        world.find(inclusion.to(), id, page.snapshot()).ifPresent(this::included);
    }

    private void included(Standing standing) {
        included.put(standing.kind() + world.id(standing), standing);
    }

    private void entry(OutputStream target, String base, Standing standing, @Nullable Fault fault) throws IOException {
        if (!first) {
            out.putByte(',');
        }
        first = false;
        out.putAscii("{\"fullUrl\":");
        out.putQuoted(base + "/" + standing.kind().type() + "/" + world.id(standing));
        out.putAscii(",\"resource\":");
        resource(standing, fault);
        out.putByte('}');
        if (out.size() > CHUNK) {
            out.writeTo(target);
            out.clear();
        }
    }

    private void resource(Standing standing, @Nullable Fault fault) {
        boolean wrong = fault == Fault.WRONG_RESOURCE || fault == Fault.UNSTORABLE_RESOURCE;
        if (query.elements().isEmpty() && !wrong) {
            world.json(standing, out);
            return;
        }
        BsonDocument resource = BsonDocument.parse(world.resource(standing).toJson());
        if (fault == Fault.WRONG_RESOURCE) {
            resource.put("resourceType", new BsonString("Patient"));
        } else if (fault == Fault.UNSTORABLE_RESOURCE) {
            resource.put("language", new BsonDocument("is", new BsonString("no code")));
        } else {
            Subset.of(resource, query.elements());
        }
        ResourceWriter.write(Subset.raw(resource), out, false);
    }

    private void link(String relation, String url) {
        out.putAscii("{\"relation\":\"" + relation + "\",\"url\":");
        out.putQuoted(url);
        out.putByte('}');
    }
}
