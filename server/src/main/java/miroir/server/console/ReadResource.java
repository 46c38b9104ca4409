package miroir.server.console;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.ResourceKey;
import miroir.server.console.ResourcePage.Referring;
import miroir.server.fhir.AskFhir;
import miroir.server.fhir.Told;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** Reads what the page of a resource shows. */
final class ReadResource {
    /** What is longer is for programs. */
    private static final int LONGEST_JSON = 256 * 1024;

    private static final Pattern REFERENCE =
            Pattern.compile("([A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/([A-Za-z0-9.-]{1,64}))?");

    private final AskFhir ask;
    private final Supplier<SearchParameterRegistry> registry;
    private final MeasuredTypes sizes;

    ReadResource(AskFhir ask, Supplier<SearchParameterRegistry> registry, MeasuredTypes sizes) {
        this.ask = ask;
        this.registry = registry;
        this.sizes = sizes;
    }

    /** What is at a path: a resource, or in its place another one that took it. */
    sealed interface Found {}

    /** It is there. */
    record Here(ResourcePage page) implements Found {}

    /** It is not there any more. */
    record Elsewhere(String sentence, @Nullable String path) implements Found {}

    /**
     * The current version, or an older one.
     *
     * @param version an empty text: the current one
     */
    Found run(View view, ResourceKey key, String version) {
        String url = version.isEmpty() ? key.toString() : key + "/_history/" + version;
        Found found = ask.get(view.exchange(), url, told -> found(view, key, version, told));
        if (found instanceof Here here && version.isEmpty()) {
            ResourcePage page = here.page();
            List<Fact> facts = new ArrayList<>(page.facts());
            facts.addAll(seen(view, key));
            return new Here(new ResourcePage(
                    view, key, version, page.headline(), facts, page.shown(), referring(key), page.json()));
        }
        return found;
    }

    private Found found(View view, ResourceKey key, String version, Told told) {
        if (told instanceof Told.Moved moved) {
            return new Elsewhere(moved.sentence(), path(view, moved.to()));
        }
        Told.OneResource one = (Told.OneResource) told;
        BsonDocument labelled = decoded(one.labelled());
        ElementText texts = ElementText.in(view);
        return new Here(new ResourcePage(
                view,
                key,
                version,
                ResourceSummary.headline(labelled, texts, key),
                facts(texts, labelled),
                ReadableResource.of(labelled, texts, reference -> path(view, reference)),
                List.of(),
                json(one.fhir())));
    }

    static BsonDocument decoded(RawBsonDocument fhir) {
        return fhir.decode(new BsonDocumentCodec());
    }

    private static List<Fact> facts(ElementText texts, BsonDocument fhir) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("res.id", ElementText.text(fhir, "id")));
        if (fhir.get("meta") instanceof BsonDocument meta) {
            facts.add(new Fact("res.version", ElementText.text(meta, "versionId")));
            facts.add(new Fact("res.updated", texts.date(ElementText.text(meta, "lastUpdated"))));
            String source = ElementText.text(meta, "source");
            if (!source.isEmpty()) {
                facts.add(new Fact("res.source", source));
            }
        }
        return facts;
    }

    /** Since when and until when; the page is good without, where that takes too long. */
    private List<Fact> seen(View view, ResourceKey key) {
        try {
            return ask.get(
                    view.exchange(), key + "/$seen", told -> seen(view, decoded(((Told.OneResource) told).fhir())));
        } catch (Refusal none) {
            return List.of();
        }
    }

    private static List<Fact> seen(View view, BsonDocument parameters) {
        ElementText texts = ElementText.in(view);
        List<Fact> facts = new ArrayList<>();
        for (BsonValue each : parameters.getArray("parameter", new BsonArray())) {
            String when = texts.date(ElementText.text(each.asDocument(), "valueInstant"));
            switch (ElementText.text(each.asDocument(), "name")) {
                case "firstSeen" -> facts.add(new Fact("res.firstSeen", when));
                case "lastSeen" -> facts.add(new Fact("res.lastSeen", when));
                default -> {}
            }
        }
        return facts;
    }

    /** Searches of what may refer to it, of types of which there is something. */
    private List<Referring> referring(ResourceKey key) {
        SearchParameterRegistry known = registry.get();
        return known.types().stream()
                .filter(type -> !sizes.of(type).isEmpty())
                .flatMap(type -> known.of(type).stream())
                .filter(each -> each.searchType() == SearchParameterType.REFERENCE
                        && each.targets().contains(key.type()))
                .map(each ->
                        new Referring(each.type(), each.code(), SearchType.path(each.type(), each.code() + "=" + key)))
                .toList();
    }

    private static @Nullable String json(RawBsonDocument fhir) {
        int stored = fhir.getByteBuffer().remaining();
        if (stored > LONGEST_JSON) {
            return null;
        }
        Utf8Buffer out = new Utf8Buffer(2 * stored);
        ResourceWriter.write(fhir, out, true);
        return new String(out.array(), 0, out.size(), StandardCharsets.UTF_8);
    }

    /** The page of what a reference names; null where it is not here. */
    private @Nullable String path(View view, String reference) {
        String relative = view.exchange().ownBases().stream()
                .filter(base -> reference.startsWith(base + "/"))
                .findFirst()
                .map(base -> reference.substring(base.length() + 1))
                .orElse(reference);
        return pathOf(relative, registry.get().types()).map(view::url).orElse(null);
    }

    static Optional<String> pathOf(String reference, Set<String> types) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches() || !types.contains(parts.group(1))) {
            return Optional.empty();
        }
        String path = ResourcePages.path(new ResourceKey(parts.group(1), parts.group(2)));
        return Optional.of(parts.group(3) == null ? path : path + "/history/" + parts.group(3));
    }
}
