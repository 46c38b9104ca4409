package miroir.server.fhir;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.failure.Failure;
import miroir.server.format.AnswerFormat;
import miroir.server.format.Preference;
import miroir.server.metadata.CapabilityDocument;
import miroir.server.validation.Finding;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What an interaction answers, before it is bytes.
 *
 * @param headers in the order in which they are sent
 * @param format how it is written
 * @param subject null where it is about no single version
 * @param made the versions that were made, as they are referred to
 */
record Answer(
        int status,
        Map<String, String> headers,
        Body body,
        AnswerFormat format,
        @Nullable Subject subject,
        List<String> made) {
    Answer {
        made = List.copyOf(made);
    }

    /**
     * The version that it is about, which an entry of a bundle tells without headers.
     *
     * @param from when it was committed
     */
    record Subject(ResourceKey key, Instant from) {}

    /** What stands in the body. */
    sealed interface Body {}

    /** Nothing. */
    record None() implements Body {}

    /** Nothing, because the client has this resource already. */
    record Known(RawBsonDocument fhir) implements Body {}

    /** One stored resource. */
    record OneResource(RawBsonDocument fhir) implements Body {}

    /**
     * What a Binary holds, in its own media type.
     *
     * @param base64 as it is stored
     */
    record Content(String contentType, String base64) implements Body {}

    /** A sentence for people. */
    record Information(String text) implements Body {}

    /** What there is to say of a resource; at least something. */
    record Findings(List<Finding> findings) implements Body {
        Findings {
            findings = List.copyOf(findings);
        }
    }

    /**
     * One page of a search or of a history.
     *
     * @param asOf the instant whose state it shows; null: the newest, whatever that is
     * @param total of all pages, where it is known
     */
    record Bundle(
            String id,
            BundleType type,
            String base,
            @Nullable Instant asOf,
            @Nullable Long total,
            List<Link> links,
            List<Entry> entries)
            implements Body {
        Bundle {
            links = List.copyOf(links);
            entries = List.copyOf(entries);
        }

        Bundle with(List<Entry> others) {
            return new Bundle(id, type, base, asOf, total, links, others);
        }
    }

    /** What a bundle is, by its code in FHIR. */
    enum BundleType {
        SEARCHSET("searchset"),
        HISTORY("history"),
        BATCH_RESPONSE("batch-response"),
        TRANSACTION_RESPONSE("transaction-response");

        private final String code;

        BundleType(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /** What stands in a bundle. */
    sealed interface Entry {
        /** The same with other content, where it has a resource of its own. */
        default Entry showing(UnaryOperator<ResourceVersion.Live> change) {
            return this;
        }
    }

    /** A match of a search. */
    record Match(ResourceVersion.Live version) implements Entry {
        @Override
        public Entry showing(UnaryOperator<ResourceVersion.Live> change) {
            return new Match(change.apply(version));
        }
    }

    /**
     * A match of a search that ranks.
     *
     * @param score how well it fits, 1 is best
     */
    record RankedMatch(ResourceVersion.Live version, BigDecimal score) implements Entry {
        @Override
        public Entry showing(UnaryOperator<ResourceVersion.Live> change) {
            return new RankedMatch(change.apply(version), score);
        }
    }

    /** What belongs to the matches of a search. */
    record Included(ResourceVersion.Live version) implements Entry {
        @Override
        public Entry showing(UnaryOperator<ResourceVersion.Live> change) {
            return new Included(change.apply(version));
        }
    }

    /** The answer to an entry of a batch or a transaction. */
    record Answered(Answer answer) implements Entry {}

    /** Why an entry of a batch has no answer. */
    record Failed(Failure failure) implements Entry {}

    /** A version in a history. */
    record Change(ResourceVersion version) implements Entry {
        @Override
        public Entry showing(UnaryOperator<ResourceVersion.Live> change) {
            return version instanceof ResourceVersion.Live live ? new Change(change.apply(live)) : this;
        }
    }

    /**
     * What a search did not do.
     *
     * @param code why, as an outcome has it
     */
    record Warnings(String code, List<String> sentences) implements Entry {
        static final String INFORMATIONAL = "informational";

        Warnings {
            sentences = List.copyOf(sentences);
        }

        boolean isInformation() {
            return code.equals(INFORMATIONAL);
        }

        String severity() {
            return isInformation() ? "information" : "warning";
        }
    }

    /** What this server can do. */
    record Capabilities(CapabilityDocument document) implements Body {}

    /** A link of a bundle. */
    record Link(String relation, String url) {}

    static Answer of(int status, Body body) {
        return new Answer(status, Map.of(), body, AnswerFormat.PLAIN_JSON, null, List.of());
    }

    /** Whether something stands in the body. */
    boolean hasBody() {
        return !(body instanceof None || body instanceof Known);
    }

    /** The media type of the body. */
    String contentType() {
        return body instanceof Content content
                ? content.contentType()
                : format.format().contentType();
    }

    static Answer empty(int status) {
        return of(status, new None());
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, format, subject, made);
    }

    /** The same with another body. */
    Answer holding(Body other) {
        return new Answer(status, headers, other, format, subject, made);
    }

    /** The same as HEAD has it. */
    Answer withoutBody() {
        return new Answer(status, headers, new None(), format, subject, made);
    }

    /** Says of which version it is: by ETag and date. */
    Answer about(ResourceVersion version) {
        Answer dated =
                with("ETag", VersionHeaders.etag(version)).with("Last-Modified", VersionHeaders.lastModified(version));
        return new Answer(
                dated.status,
                dated.headers,
                dated.body,
                dated.format,
                new Subject(version.key(), version.from()),
                dated.made);
    }

    /** Says which versions these writes made; of some nothing had to be made. */
    Answer making(List<Written> writes) {
        return making(writes.stream()
                .filter(write ->
                        write.effect() != Written.Effect.UNCHANGED && write.effect() != Written.Effect.ALREADY_DELETED)
                .map(Written::current)
                .map(version -> VersionHeaders.reference(version.key(), version.version())));
    }

    /** Says which versions were made. */
    Answer making(Stream<String> versions) {
        return new Answer(status, headers, body, format, subject, versions.toList());
    }

    /** Tells the client that its wish was fulfilled. */
    Answer applying(Preference preference) {
        return with(Preference.APPLIED, preference.toString());
    }

    Answer in(AnswerFormat other) {
        return new Answer(status, headers, body, other, subject, made);
    }
}
