package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import miroir.index.store.ResourceVersion;
import miroir.server.failure.Failure;
import miroir.server.failure.WriteOutcome;
import miroir.server.format.ResourceOutput;

/** Writes a bundle, straight from stored BSON. */
final class WriteBundle {
    /** In UTC: it is copied into {@code _since}, and the plus sign of an offset would have to be escaped there. */
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final Answer.Bundle bundle;
    private final ResourceOutput out;

    /** What has a {@code fullUrl} by now: of two answers with one version only one may have it, if the bundle is to be valid. */
    private final Set<Answer.Subject> answered = new HashSet<>();

    private WriteBundle(Answer.Bundle bundle, ResourceOutput out) {
        this.bundle = bundle;
        this.out = out;
    }

    static void to(ResourceOutput out, Answer.Bundle bundle) {
        new WriteBundle(bundle, out).write();
    }

    /** As the resource of an entry of another bundle. */
    private static void within(ResourceOutput out, Answer.Bundle bundle) {
        out.beginResource("resource", "Bundle");
        new WriteBundle(bundle, out).writeElements();
    }

    private void write() {
        out.beginResource("Bundle");
        writeElements();
    }

    private void writeElements() {
        out.text("id", bundle.id());
        Instant asOf = bundle.asOf();
        if (asOf != null) {
            out.begin("meta");
            out.text("lastUpdated", INSTANT.format(asOf));
            out.end();
        }
        out.text("type", bundle.type().code());
        Long total = bundle.total();
        if (total != null) {
            out.number("total", total);
        }
        writeLinks();
        if (!bundle.entries().isEmpty()) {
            out.beginList("entry");
            bundle.entries().forEach(this::writeEntry);
            out.endList();
        }
        out.endResource();
    }

    private void writeLinks() {
        if (bundle.links().isEmpty()) {
            return;
        }
        out.beginList("link");
        for (Answer.Link link : bundle.links()) {
            out.beginNext();
            out.text("relation", link.relation());
            out.text("url", link.url());
            out.end();
        }
        out.endList();
    }

    private void writeEntry(Answer.Entry entry) {
        out.beginNext();
        if (entry instanceof Answer.Match match) {
            writeResource(match.version());
            writeMode("match");
        } else if (entry instanceof Answer.RankedMatch ranked) {
            writeResource(ranked.version());
            writeRank(ranked);
        } else if (entry instanceof Answer.Included included) {
            writeResource(included.version());
            writeMode("include");
        } else if (entry instanceof Answer.Answered answered) {
            writeAnswer(answered.answer());
        } else if (entry instanceof Answer.Failed failed) {
            writeFailure(failed.failure());
        } else if (entry instanceof Answer.Change change) {
            writeChange(change.version());
        } else if (entry instanceof Answer.Warnings warnings) {
            writeWarnings(warnings);
        }
        out.end();
    }

    /** Every version of every bundle is written here. */
    private void writeResource(ResourceVersion version) {
        out.text("fullUrl", bundle.base() + "/" + version.key());
        if (version instanceof ResourceVersion.Live live) {
            out.stored("resource", live.fhir());
        }
    }

    private void writeAnswer(Answer answer) {
        Answer.Body body = answer.body();
        if (body instanceof Answer.OneResource one) {
            Answer.Subject subject = answer.subject();
            if (subject != null && answered.add(subject)) {
                out.text("fullUrl", bundle.base() + "/" + subject.key());
            }
            out.stored("resource", one.fhir());
        } else if (body instanceof Answer.Bundle inner) {
            within(out, inner);
        } else if (body instanceof Answer.Capabilities capabilities) {
            out.stored("resource", capabilities.document().resource());
        }
        out.begin("response");
        out.text("status", StatusText.of(answer.status()));
        String location =
                answer.headers().getOrDefault("Location", answer.headers().get("Content-Location"));
        if (location != null) {
            out.text("location", location);
        }
        String etag = answer.headers().get("ETag");
        if (etag != null) {
            out.text("etag", etag);
        }
        Answer.Subject subject = answer.subject();
        if (subject != null) {
            out.text("lastModified", INSTANT.format(subject.from()));
        }
        if (body instanceof Answer.Information information) {
            Failure.Issue issue = new Failure.Issue("informational", information.text(), null);
            WriteOutcome.to(out, "outcome", List.of(issue), "information");
        }
        out.end();
    }

    private void writeFailure(Failure failure) {
        out.begin("response");
        out.text("status", StatusText.of(failure.status()));
        WriteOutcome.to(out, "outcome", failure.issues(), "error");
        out.end();
    }

    private void writeMode(String mode) {
        out.begin("search");
        out.text("mode", mode);
        out.end();
    }

    private void writeRank(Answer.RankedMatch ranked) {
        out.begin("search");
        out.text("mode", "match");
        out.number("score", ranked.score());
        out.end();
    }

    /** A version with the request that made it and the answer that this had. */
    private void writeChange(ResourceVersion version) {
        writeResource(version);
        Made made = Made.of(version);
        out.begin("request");
        out.text("method", made.method());
        out.text("url", made.url());
        out.end();
        out.begin("response");
        out.text("status", Integer.toString(made.status()));
        out.text("etag", VersionHeaders.etag(version));
        out.text("lastModified", INSTANT.format(version.from()));
        out.end();
    }

    /** How a version was made, in terms of HTTP. */
    private record Made(String method, String url, int status) {
        static Made of(ResourceVersion version) {
            String url = version.key().toString();
            if (!(version instanceof ResourceVersion.Live live)) {
                return new Made("DELETE", url, 204);
            }
            return switch (live.origin()) {
                case CREATED -> new Made("POST", version.key().type(), 201);
                case PUT_CREATED -> new Made("PUT", url, 201);
                case UPDATED -> new Made("PUT", url, 200);
                case NOT_TOLD -> throw new IllegalStateException("a history does not say how " + url + " came to be");
            };
        }
    }

    private void writeWarnings(Answer.Warnings warnings) {
        out.text("fullUrl", "urn:uuid:" + UUID.randomUUID());
        WriteOutcome.to(
                out,
                "resource",
                warnings.sentences().stream()
                        .map(warning -> new Failure.Issue(warnings.code(), warning, null))
                        .toList(),
                warnings.severity());
        writeMode("outcome");
    }
}
