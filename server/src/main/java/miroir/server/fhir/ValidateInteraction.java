package miroir.server.fhir;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.server.failure.Failures;
import miroir.server.pipeline.Decide;
import miroir.server.pipeline.Step;
import miroir.server.routing.Interaction;
import miroir.server.validation.Finding;
import miroir.server.validation.Validation;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * {@code $validate}: whether a resource is as FHIR and profiles want it, and whether it would be taken as a create, an update or a
 * delete. What is wrong with it is the answer, and no failure of the request.
 */
final class ValidateInteraction {
    private static final Set<Refusal.Reason> UNTOLD =
            EnumSet.of(Refusal.Reason.NOT_READY, Refusal.Reason.TOO_COSTLY, Refusal.Reason.NOT_SUPPORTED);

    private final ResourceStore store;
    private final ReadInteraction read;
    private final BodyReader reader;
    private final Validation validation;
    private final Room room;

    ValidateInteraction(
            ResourceStore store, ReadInteraction read, BodyReader reader, Validation validation, Room room) {
        this.store = store;
        this.read = read;
        this.reader = reader;
        this.validation = validation;
        this.room = room;
    }

    Answer answer(FhirRequest request, byte[] body) {
        validation.requireOffered();
        request.refuseParametersBut(ValidateParameters.OF_QUERY);
        room.forBody(request, body);
        List<Finding> findings = findings(request, body);
        request.exchange().done(Step.STORE);
        return Answer.of(200, new Answer.Findings(findings.isEmpty() ? List.of(nothing()) : findings));
    }

    private List<Finding> findings(FhirRequest request, byte[] body) {
        ValidateParameters asked;
        try {
            asked = ValidateParameters.of(request, body.length == 0 ? null : reader.readSent(request, body));
        } catch (Refusal refused) {
            return unlessUnusable(refused);
        }
        request.exchange().done(Step.PARSE);
        return asked.mode() == ValidateParameters.Mode.DELETE ? deletable(request) : ofContent(request, asked);
    }

    // --- what is sent

    private List<Finding> ofContent(FhirRequest request, ValidateParameters asked) {
        RawBsonDocument resource = asked.resource() == null ? read.live(request).fhir() : asked.resource();
        try {
            reader.check(resource);
        } catch (Refusal refused) {
            return unlessUnusable(refused);
        }
        List<Finding> findings = new ArrayList<>(ofMode(request, asked, resource));
        Optional<String> lacking = validation.whyByStructureOnly();
        if (lacking.isPresent()) {
            findings.add(byStructureOnly(lacking.get(), asked.profiles()));
            return findings;
        }
        byte[] json = json(resource);
        request.exchange().doneWithBody();
        findings.addAll(validation.run(json.length, validator -> validator.findings(json, asked.profiles())));
        return findings;
    }

    private static byte[] json(RawBsonDocument resource) {
        Utf8Buffer text = new Utf8Buffer(resource.getByteBuffer().remaining());
        ResourceWriter.write(resource, text, false);
        return text.toByteArray();
    }

    // --- what would come of it

    /** Of a resource that has the right structure. */
    private List<Finding> ofMode(FhirRequest request, ValidateParameters asked, RawBsonDocument resource) {
        return switch (asked.mode()) {
            case NONE, PROFILE, DELETE -> List.of();
            case CREATE -> creatable(request, resource);
            case UPDATE -> updatable(request, resource);
        };
    }

    private List<Finding> creatable(FhirRequest request, RawBsonDocument sent) {
        return ofAttempt(() -> {
            ResourceKey key = new ResourceKey(request.key().type(), request.newId());
            RawBsonDocument accepted = WriteInteraction.withId(WriteInteraction.accepted(request, sent), key.id());
            store.checkPut(
                    Decide.instead(request.exchange(), Interaction.CREATE), key, accepted, Precondition.absent());
        });
    }

    private List<Finding> updatable(FhirRequest request, RawBsonDocument sent) {
        Precondition precondition = VersionHeaders.precondition(request);
        return ofAttempt(() -> {
            RawBsonDocument accepted = WriteInteraction.accepted(request, sent);
            WriteInteraction.checkId(request.key(), accepted);
            store.checkPut(
                    Decide.instead(request.exchange(), Interaction.UPDATE), request.key(), accepted, precondition);
        });
    }

    private List<Finding> deletable(FhirRequest request) {
        Precondition precondition = VersionHeaders.precondition(request);
        return ofAttempt(() -> {
            if (!store.checkDelete(
                    Decide.instead(request.exchange(), Interaction.DELETE), request.key(), precondition)) {
                throw ReadInteraction.unknown(request.key());
            }
        });
    }

    /** What a write would be refused for. A store that cannot tell at the moment has found nothing. */
    private static List<Finding> ofAttempt(Runnable attempt) {
        try {
            attempt.run();
            return List.of();
        } catch (Refusal refused) {
            if (UNTOLD.contains(refused.reason())) {
                throw refused;
            }
            return ofRefusal(refused);
        }
    }

    // --- what is answered

    /** What is no FHIR has been read and found wrong; what cannot be read at all is no resource to speak of. */
    private static List<Finding> unlessUnusable(Refusal refused) {
        if (refused.reason() != Refusal.Reason.UNPROCESSABLE) {
            throw refused;
        }
        return ofRefusal(refused);
    }

    /** With the codes that it would have as a failure. */
    private static List<Finding> ofRefusal(Refusal refused) {
        return Failures.of(refused, "").issues().stream()
                .map(issue -> error(issue.code(), issue.diagnostics(), issue.expression()))
                .toList();
    }

    private static Finding error(String code, String message, @Nullable String path) {
        return new Finding(Finding.Severity.ERROR, code, message, path);
    }

    /** Who asks for a profile must not believe that it is met. */
    private static Finding byStructureOnly(String why, List<String> profiles) {
        return new Finding(
                profiles.isEmpty() ? Finding.Severity.INFORMATION : Finding.Severity.ERROR,
                profiles.isEmpty() ? "informational" : "not-supported",
                "only the structure was looked at, with types, cardinalities and required codes, and neither invariants nor profiles: "
                        + why,
                null);
    }

    private static Finding nothing() {
        return new Finding(Finding.Severity.INFORMATION, "informational", "no problem was found", null);
    }
}
