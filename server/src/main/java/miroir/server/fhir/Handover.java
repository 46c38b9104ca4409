package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.function.Function;
import miroir.server.format.AnswerFormat;
import org.hl7.fhir.instance.model.api.IBaseOperationOutcome;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What HAPI is handed when one of our providers was called, while the answer itself is pending. As bytes it is a stub that
 * only stands where HAPI wants a resource, and {@link AnswerHooks} writes the answer past HAPI. As a model everything that looks
 * at answers in HAPI sees it and may change it, and HAPI encodes what is left of it, which costs fifty times as much.
 */
sealed interface Handover {

    /** What a read or an operation returns. */
    IBaseResource resource(ServletRequestDetails details, Function<FhirRequest, Answer> interaction);

    /** What a search or a history returns. */
    Bundle bundle(ServletRequestDetails details, Function<FhirRequest, Answer> interaction);

    /** What a write returns. */
    MethodOutcome outcome(ServletRequestDetails details, Function<FhirRequest, Answer> interaction);

    /** With labels beside the codes of what is answered, where they are wanted. */
    record Labelled(Handover handover, BiFunction<FhirRequest, Function<FhirRequest, Answer>, Answer> fill)
            implements Handover {
        @Override
        public IBaseResource resource(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            return handover.resource(details, filled(interaction));
        }

        @Override
        public Bundle bundle(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            return handover.bundle(details, filled(interaction));
        }

        @Override
        public MethodOutcome outcome(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            return handover.outcome(details, filled(interaction));
        }

        private Function<FhirRequest, Answer> filled(Function<FhirRequest, Answer> interaction) {
            return request -> fill.apply(request, interaction);
        }
    }

    /** Past HAPI. */
    record Bytes() implements Handover {
        @Override
        public IBaseResource resource(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            make(details, interaction);
            return new Stub();
        }

        @Override
        public Bundle bundle(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            make(details, interaction);
            return new StubBundle();
        }

        @Override
        public MethodOutcome outcome(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            make(details, interaction);
            MethodOutcome outcome = new MethodOutcome();
            outcome.setResource(new Stub());
            outcome.setOperationOutcome(new StubOutcome());
            return outcome;
        }

        private static void make(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            FhirRequest request = FhirRequest.of(details);
            Answer answer = interaction.apply(request).in(request.format());
            NoteAnswer.after(request, answer);
            // Somebody else's server says nothing to browsers of what they may run.
            boolean isOurs = details.getResponse() instanceof FhirResponse;
            new PendingAnswer(isOurs ? BinaryContent.ifWanted(request, answer) : answer, null).keep(details);
        }
    }

    /**
     * Through HAPI.
     *
     * @param whole whether HAPI sees {@code _summary} and {@code _elements}, so that its encoder leaves out the rest, after
     *     everybody has seen the whole
     */
    record Models(FhirContext context, boolean whole) implements Handover {
        @Override
        public IBaseResource resource(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            IBaseResource model = make(details, interaction).model();
            if (model == null) {
                throw new IllegalStateException("a read or an operation without a resource");
            }
            return model;
        }

        /** HAPI takes what a history returns for one of the versions, and wants an id and a version of it. */
        @Override
        public Bundle bundle(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            Bundle bundle = (Bundle) resource(details, interaction);
            bundle.setId("Bundle/" + bundle.getIdElement().getIdPart() + "/_history/1");
            return bundle;
        }

        @Override
        public MethodOutcome outcome(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            PendingAnswer pending = make(details, interaction);
            MethodOutcome outcome = new MethodOutcome();
            outcome.setCreated(pending.answer().status() == 201);
            outcome.setResponseStatusCode(pending.answer().status());
            if (pending.model() instanceof IBaseOperationOutcome information) {
                outcome.setOperationOutcome(information);
            } else if (pending.model() != null) {
                outcome.setResource(pending.model());
            }
            return outcome;
        }

        private PendingAnswer make(ServletRequestDetails details, Function<FhirRequest, Answer> interaction) {
            FhirRequest request = whole ? FhirRequest.ofWholeResources(details) : FhirRequest.of(details);
            Answer answer = interaction.apply(request).in(request.format());
            NoteAnswer.after(request, answer);
            if (!whole) {
                String format = answer.format().format().shortName();
                details.addParameter("_format", new String[] {format});
            }
            return new PendingAnswer(answer, model(answer.body())).keep(details);
        }

        private @Nullable Resource model(Answer.Body body) {
            if (body instanceof Answer.None) {
                return null;
            }
            Answer.Body seen = body instanceof Answer.Known known ? new Answer.OneResource(known.fhir()) : body;
            byte[] json = AnswerBody.of(seen, AnswerFormat.PLAIN_JSON).toByteArray();
            return (Resource) context.newJsonParser().parseResource(new String(json, StandardCharsets.UTF_8));
        }
    }
}
