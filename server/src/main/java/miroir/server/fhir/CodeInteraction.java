package miroir.server.fhir;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.terminology.CodeSystem;
import miroir.index.terminology.Expansion;
import miroir.index.terminology.SeenTerminology;
import miroir.index.terminology.StoredTerminology;
import miroir.index.terminology.ValueSet;
import miroir.index.value.FoldedText;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.pipeline.Step;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * The operations on codes: {@code CodeSystem/$lookup}, {@code $validate-code} of code systems and value sets, and {@code ValueSet/$expand}.
 *
 * <p>They answer from what is stored here, and nothing else is known. Where that is a part of a code system (its content is not complete), a code
 * that is not in it is not called wrong: whether it is one is refused as unknown.
 */
final class CodeInteraction {
    private static final List<String> LOOKUP =
            List.of("code", "system", "version", "coding", "displayLanguage", "property");
    private static final List<String> VALIDATE_IN_SYSTEM =
            List.of("url", "code", "version", "display", "coding", "codeableConcept", "displayLanguage");
    private static final List<String> VALIDATE_IN_SET = List.of(
            "url",
            "valueSetVersion",
            "code",
            "system",
            "systemVersion",
            "display",
            "coding",
            "codeableConcept",
            "displayLanguage");
    private static final List<String> EXPAND = List.of(
            "url",
            "valueSetVersion",
            "filter",
            "offset",
            "count",
            "includeDesignations",
            "excludeNested",
            "activeOnly",
            "displayLanguage");

    /** Those of a concept that have elements of their own in the answer. */
    private static final List<String> TOLD_APART = List.of("display", "definition", "parent", "child");

    private static final int MOST_CODINGS = 20;

    private final ResourceStore store;
    private final StoredTerminology terminology;
    private final BodyReader reader;
    private final SearchConfiguration settings;
    private final Room room;

    CodeInteraction(
            ResourceStore store,
            StoredTerminology terminology,
            BodyReader reader,
            SearchConfiguration settings,
            Room room) {
        this.store = store;
        this.terminology = terminology;
        this.reader = reader;
        this.settings = settings;
        this.room = room;
    }

    /** A code that is asked about; null where something is not said. */
    private record Asked(
            @Nullable String system,
            @Nullable String version,
            String code,
            @Nullable String display) {}

    /** What came of a code: null where nothing is wrong with it. */
    private record Judged(@Nullable String wrong, @Nullable String display) {}

    Answer lookUp(FhirRequest request, byte[] body) {
        OperationInput input = OperationInput.of(request, body, reader, room, LOOKUP);
        Asked asked = one(input, "system", "version");
        String system = asked.system();
        if (system == null) {
            throw invalid("a code is looked up in a code system: system=[url]");
        }
        return answer(request, seen -> {
            CodeSystem found = codeSystem(seen, system, asked.version());
            CodeSystem.Concept concept = found.concept(asked.code());
            if (concept == null) {
                throw new Refusal(Refusal.Reason.NOT_FOUND, unknown(found, asked.code()));
            }
            return looked(found, concept, input.text("displayLanguage"), input.texts("property"));
        });
    }

    Answer validate(FhirRequest request, byte[] body) {
        boolean inSet = request.key().type().equals("ValueSet");
        OperationInput input =
                OperationInput.of(request, body, reader, room, inSet ? VALIDATE_IN_SET : VALIDATE_IN_SYSTEM);
        String name = name(request, input);
        List<Asked> codings = input.has("codeableConcept")
                ? codings(input)
                : List.of(inSet ? one(input, "system", "systemVersion") : one(input, "", "version"));
        String language = input.text("displayLanguage");
        return answer(
                request,
                seen -> judged(codings.stream()
                        .map(coding ->
                                inSet ? inSet(seen, name, coding, language) : inSystem(seen, name, coding, language))
                        .toList()));
    }

    Answer expand(FhirRequest request, byte[] body) {
        OperationInput input = OperationInput.of(request, body, reader, room, EXPAND);
        String name = name(request, input);
        if (input.truth("activeOnly")) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "activeOnly=true is not offered: which codes are inactive is not known here");
        }
        input.truth("excludeNested");
        if (input.truth("includeDesignations")) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "includeDesignations=true is not offered; CodeSystem/$lookup has them");
        }
        int offset = input.number("offset", 0);
        int count = input.number("count", Integer.MAX_VALUE);
        String filter = input.isBlank("filter") ? null : input.text("filter");
        return answer(request, seen -> {
            requireValueSet(seen, name);
            Expansion all = seen.expansion(name, input.text("displayLanguage"));
            Expansion some = filter == null ? all : all.of(filter);
            int shown = Math.min(count, Math.max(0, some.total() - offset));
            if (shown > settings.maximumExpansion()) {
                throw new Refusal(
                        Refusal.Reason.TOO_COSTLY,
                        "the expansion has " + some.total() + " codes; ask for pages of at most "
                                + settings.maximumExpansion() + " with count and offset, or for some with filter");
            }
            return expanded(some, filter, offset, input.has("count") ? count : null, some.page(offset, shown));
        });
    }

    /** Does it when it is its turn: definitions are read from the database. */
    private Answer answer(FhirRequest request, Function<SeenTerminology, RawBsonDocument> operation) {
        request.exchange().done(Step.PARSE);
        Deadline deadline = request.deadline(settings.deadline());
        RawBsonDocument made = room.inTurn(
                request, store, deadline, () -> operation.apply(terminology.seenBy(request.caller(), null, deadline)));
        request.exchange().done(Step.STORE);
        return Answer.of(200, new Answer.OneResource(made));
    }

    // --- what is asked

    /** The code system or value set that is meant: by the path, or by its URL. */
    private static String name(FhirRequest request, OperationInput input) {
        String url = input.text("url");
        if (!request.key().id().isEmpty()) {
            if (url != null) {
                throw invalid("the path names a " + request.key().type() + " already; allowed is it without url");
            }
            return request.key().toString();
        }
        if (url == null) {
            throw invalid("which " + request.key().type() + " is meant is said by url=[url], or in the path: "
                    + request.key().type() + "/[id]/" + request.path().replaceAll(".*/", ""));
        }
        String version = input.text(request.key().type().equals("ValueSet") ? "valueSetVersion" : "version");
        return version == null || request.key().type().equals("CodeSystem") ? url : url + "|" + version;
    }

    /** A code, or a Coding. */
    private static Asked one(OperationInput input, String system, String version) {
        BsonDocument coding = input.complex("coding");
        String code = input.text("code");
        if ((coding == null) == (code == null)) {
            throw invalid("exactly one of code and coding is needed");
        }
        return coding != null
                ? coding(coding)
                : new Asked(
                        system.isEmpty() ? null : input.text(system),
                        input.text(version),
                        String.valueOf(code),
                        input.has("display") ? input.text("display") : null);
    }

    private static List<Asked> codings(OperationInput input) {
        BsonDocument concept = input.complex("codeableConcept");
        BsonValue codings = concept == null ? null : concept.get("coding");
        if (input.has("code") || input.has("coding") || codings == null || !codings.isArray()) {
            throw invalid("codeableConcept has codings, and stands in place of code and coding");
        }
        if (codings.asArray().size() > MOST_CODINGS) {
            throw invalid("the codeableConcept has " + codings.asArray().size() + " codings; allowed are at most "
                    + MOST_CODINGS);
        }
        return codings.asArray().stream()
                .map(coding -> coding(coding.asDocument()))
                .toList();
    }

    private static Asked coding(BsonDocument coding) {
        String code = text(coding, "code");
        if (code == null) {
            throw invalid("the coding has no code");
        }
        return new Asked(text(coding, "system"), text(coding, "version"), code, text(coding, "display"));
    }

    private static @Nullable String text(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value != null && value.isString() ? value.asString().getValue() : null;
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }

    // --- what is found

    private static CodeSystem codeSystem(SeenTerminology seen, String name, @Nullable String version) {
        return seen.codeSystem(name, version)
                .orElseThrow(
                        () -> new Refusal(
                                Refusal.Reason.NOT_FOUND,
                                "the code system \"" + Refusal.shown(name)
                                        + (version == null ? "" : "|" + Refusal.shown(version))
                                        + "\" is not kept here, so nothing is known of its codes: store it as a CodeSystem first"));
    }

    private static void requireValueSet(SeenTerminology seen, String name) {
        if (!seen.hasValueSet(name)) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "the value set \"" + Refusal.shown(name) + "\" is not kept here: store it as a ValueSet first");
        }
    }

    private static String unknown(CodeSystem system, String code) {
        return "\"" + Refusal.shown(code) + "\" is not among the codes of \"" + Refusal.shown(system.url())
                + "\" that are kept here" + (system.isComplete() ? "" : ", and those are not all of them");
    }

    private static Judged inSystem(SeenTerminology seen, String name, Asked asked, @Nullable String language) {
        CodeSystem system = codeSystem(seen, name, asked.version());
        if (asked.system() != null && !asked.system().equals(system.url())) {
            return new Judged(
                    "the code is one of \"" + Refusal.shown(asked.system()) + "\", and not of \""
                            + Refusal.shown(system.url()) + "\"",
                    null);
        }
        return inSystem(system, asked, language);
    }

    private static Judged inSystem(CodeSystem system, Asked asked, @Nullable String language) {
        CodeSystem.Concept concept = system.concept(asked.code());
        if (concept != null) {
            return called(asked, concept, language == null ? concept.display() : concept.display(language));
        }
        if (!system.isComplete()) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND, unknown(system, asked.code()) + "; whether it is one is not known here");
        }
        return new Judged(unknown(system, asked.code()), null);
    }

    private static Judged inSet(SeenTerminology seen, String name, Asked asked, @Nullable String language) {
        requireValueSet(seen, name);
        List<SeenTerminology.Member> members = seen.membersOf(name, asked.system(), asked.code());
        if (members.isEmpty()) {
            String system = asked.system() == null ? "" : asked.system() + "|";
            return new Judged(
                    "\"" + Refusal.shown(system + asked.code()) + "\" is not in the value set \"" + Refusal.shown(name)
                            + "\"",
                    null);
        }
        if (members.size() > 1) {
            return new Judged(
                    "several code systems of the value set have this code; system=[url] says which is meant", null);
        }
        SeenTerminology.Member member = members.get(0);
        Optional<CodeSystem> system = seen.codeSystem(member.system(), asked.version());
        if (!member.isListed()) {
            return inSystem(
                    system.orElseGet(() -> codeSystem(seen, member.system(), asked.version())), asked, language);
        }
        CodeSystem.Concept concept =
                system.map(each -> each.concept(asked.code())).orElse(null);
        String display = seen.display(name, member.system(), asked.code(), language);
        return concept == null ? called(asked, display) : called(asked, concept, display);
    }

    /** Whether people may call it what whoever asks does. */
    private static Judged called(Asked asked, CodeSystem.Concept concept, @Nullable String display) {
        String given = asked.display();
        String label = concept.display();
        boolean isOther = given != null
                && ((label != null && isSame(label, given))
                        || concept.designations().stream().anyMatch(designation -> isSame(designation.value(), given)));
        return isOther ? new Judged(null, display) : called(asked, display);
    }

    private static Judged called(Asked asked, @Nullable String display) {
        String given = asked.display();
        return given == null || display == null || isSame(display, given)
                ? new Judged(null, display)
                : new Judged(
                        "the display of \"" + Refusal.shown(asked.code()) + "\" is \"" + display + "\", and not \""
                                + Refusal.shown(given) + "\"",
                        display);
    }

    private static boolean isSame(String one, String other) {
        return FoldedText.fold(one).equals(FoldedText.fold(other));
    }

    // --- what is answered

    /** One of several is enough. */
    private static RawBsonDocument judged(List<Judged> all) {
        Judged best =
                all.stream().filter(each -> each.wrong() == null).findFirst().orElse(all.get(0));
        List<BsonDocument> parameters = new ArrayList<>();
        parameters.add(OperationParameters.one("result", "valueBoolean", BsonBoolean.valueOf(best.wrong() == null)));
        addText(parameters, "message", best.wrong());
        addText(parameters, "display", best.display());
        return OperationParameters.of(parameters);
    }

    private static RawBsonDocument looked(
            CodeSystem system, CodeSystem.Concept concept, @Nullable String language, List<String> wanted) {
        List<BsonDocument> parameters = new ArrayList<>();
        addText(parameters, "name", system.name());
        addText(parameters, "version", system.version());
        String display = language == null ? concept.display() : concept.display(language);
        addText(parameters, "display", display == null ? concept.code() : display);
        concept.designations().forEach(designation -> parameters.add(designation(designation)));
        if (isWanted(wanted, "definition")) {
            concept.values("definition").forEach(value -> parameters.add(property("definition", "valueString", value)));
        }
        concept.properties().forEach((name, values) -> {
            if (!TOLD_APART.contains(name) && isWanted(wanted, name)) {
                values.forEach(value -> parameters.add(property(name, "valueString", value)));
            }
        });
        if (isWanted(wanted, "parent")) {
            system.parentsOf(concept.code()).forEach(code -> parameters.add(property("parent", "valueCode", code)));
        }
        if (isWanted(wanted, "child")) {
            system.childrenOf(concept.code()).forEach(code -> parameters.add(property("child", "valueCode", code)));
        }
        return OperationParameters.of(parameters);
    }

    private static boolean isWanted(List<String> wanted, String property) {
        return wanted.isEmpty() || wanted.contains(property);
    }

    private static BsonDocument designation(CodeSystem.Designation designation) {
        BsonArray parts = new BsonArray();
        if (designation.language() != null) {
            parts.add(OperationParameters.one("language", "valueCode", new BsonString(designation.language())));
        }
        if (designation.use() != null) {
            parts.add(OperationParameters.one(
                    "use", "valueCoding", new BsonDocument("code", new BsonString(designation.use()))));
        }
        parts.add(OperationParameters.one("value", "valueString", new BsonString(designation.value())));
        return new BsonDocument("name", new BsonString("designation")).append("part", parts);
    }

    private static BsonDocument property(String name, String choice, String value) {
        return new BsonDocument("name", new BsonString("property"))
                .append(
                        "part",
                        new BsonArray(List.of(
                                OperationParameters.one("code", "valueCode", new BsonString(name)),
                                OperationParameters.one("value", choice, new BsonString(value)))));
    }

    private static void addText(List<BsonDocument> parameters, String name, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            parameters.add(OperationParameters.one(name, "valueString", new BsonString(text)));
        }
    }

    private static RawBsonDocument expanded(
            Expansion some,
            @Nullable String filter,
            int offset,
            @Nullable Integer count,
            List<Expansion.Labelled> page) {
        ValueSet.Head head = some.head();
        BsonDocument resource = new BsonDocument("resourceType", new BsonString("ValueSet"));
        put(resource, "url", head.url());
        put(resource, "version", head.version());
        put(resource, "name", head.name());
        put(resource, "title", head.title());
        put(resource, "status", head.status());
        BsonDocument expansion = new BsonDocument("identifier", new BsonString("urn:uuid:" + UUID.randomUUID()))
                .append(
                        "timestamp",
                        new BsonString(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()))
                .append("total", new BsonInt32(some.total()))
                .append("offset", new BsonInt32(offset));
        BsonArray parameters = new BsonArray();
        if (filter != null) {
            parameters.add(OperationParameters.one("filter", "valueString", new BsonString(filter)));
        }
        if (count != null) {
            parameters.add(OperationParameters.one("count", "valueInteger", new BsonInt32(count)));
        }
        if (!parameters.isEmpty()) {
            expansion.append("parameter", parameters);
        }
        if (!page.isEmpty()) {
            expansion.append(
                    "contains",
                    new BsonArray(page.stream().map(CodeInteraction::contained).toList()));
        }
        return new RawBsonDocument(resource.append("expansion", expansion), new BsonDocumentCodec());
    }

    private static BsonDocument contained(Expansion.Labelled code) {
        BsonDocument contained = new BsonDocument();
        put(contained, "system", code.system().isEmpty() ? null : code.system());
        contained.append("code", new BsonString(code.code()));
        put(contained, "display", code.display());
        return contained;
    }

    private static void put(BsonDocument document, String name, @Nullable String text) {
        if (text != null) {
            document.append(name, new BsonString(text));
        }
    }
}
