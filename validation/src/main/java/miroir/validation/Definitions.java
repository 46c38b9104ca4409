package miroir.validation;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.server.validation.Finding;
import miroir.server.validation.StoredDefinitions;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/** Definitions as they were at some time, and HAPI's validator with what it makes of them. */
final class Definitions {
    /** HAPI would ask for everything anew after ten minutes, and keep both. */
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private final Instant present;
    private final Set<String> ofPackages;
    private final AtomicInteger uses = new AtomicInteger();
    private final StoredSupport stored;
    private final IValidationSupport all;
    private final FhirValidator validator;

    /**
     * None is read yet.
     *
     * @param present when it was as they have it
     * @param ofPackages their profiles
     * @param fixed those that are the same at any time, which count first
     * @param most how many bytes of stored ones are used
     */
    Definitions(
            Instant present,
            Set<String> ofPackages,
            FhirContext context,
            List<IValidationSupport> fixed,
            StoredDefinitions store,
            int most) {
        this.present = present;
        this.ofPackages = ofPackages;
        List<IValidationSupport> chain = new ArrayList<>(fixed);
        this.stored = new StoredSupport(context, fixed, store, most);
        chain.add(stored);
        chain.add(new CommonCodeSystemsTerminologyService(context));
        chain.add(new InMemoryTerminologyServerValidationSupport(context));
        chain.add(new SnapshotGeneratingValidationSupport(context));
        this.all = new DefinitionsChain(
                ValidationSupportChain.CacheConfiguration.defaultValues().setCacheTimeout(FOR_EVER), stored, chain);
        this.validator = context.newValidator();
        validator.registerValidatorModule(module());
    }

    private FhirInstanceValidator module() {
        FhirInstanceValidator module = new FhirInstanceValidator(all);
        module.setAnyExtensionsAllowed(true);
        module.setErrorForUnknownProfiles(false);
        module.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
        module.setValidatorPolicyAdvisor(new StoppingAdvisor());
        return module;
    }

    Instant present() {
        return present;
    }

    /** By how many validations they are or were used. */
    int uses() {
        return uses.get();
    }

    /** Whether there is no room for more. */
    boolean isFull() {
        return stored.isFull();
    }

    /** Fails where the store did, whatever HAPI has made of that. */
    List<Finding> findings(String json, List<String> profiles) {
        uses.incrementAndGet();
        try {
            List<Finding> findings = found(json, profiles);
            stored.requireAnswers();
            return findings;
        } catch (RuntimeException e) {
            stored.requireAnswers();
            throw e;
        }
    }

    private List<Finding> found(String json, List<String> profiles) {
        List<Finding> findings = new ArrayList<>();
        ValidationOptions options = new ValidationOptions();
        for (String profile : profiles) {
            if (all.fetchStructureDefinition(profile) != null) {
                options.addProfile(profile);
            } else {
                findings.add(unknown(profile));
            }
        }
        validator.validateWithResult(json, options).getMessages().stream()
                .map(Definitions::finding)
                .forEach(findings::add);
        addUnusable(findings, json);
        return findings;
    }

    /** Of those that were spoken of: by the resource, in what was found, or in why another cannot be used. */
    private void addUnusable(List<Finding> findings, String json) {
        Map<String, String> left = new HashMap<>(stored.unusable());
        StringBuilder said = new StringBuilder(json);
        findings.forEach(finding -> said.append(finding.message()));
        List<String> spokenOf;
        do {
            spokenOf = left.keySet().stream()
                    .filter(canonical -> said.indexOf(canonical) >= 0)
                    .toList();
            for (String canonical : spokenOf) {
                String why = String.valueOf(left.remove(canonical));
                said.append(why);
                findings.add(new Finding(
                        Finding.Severity.WARNING,
                        "not-found",
                        "\"" + Refusal.shown(canonical) + "\" is stored here and not used: " + why,
                        null));
            }
        } while (!spokenOf.isEmpty());
    }

    private Finding unknown(String profile) {
        String packages = ofPackages.isEmpty()
                ? "; validation.packages in server.yaml names none"
                : ", " + Refusal.shown(String.join(", ", ofPackages));
        return new Finding(
                Finding.Severity.ERROR,
                "not-found",
                "the profile \"" + Refusal.shown(profile)
                        + "\" is not known here; known are those of FHIR itself, those stored here, and those of packages"
                        + packages,
                null);
    }

    private static Finding finding(SingleValidationMessage message) {
        ResultSeverityEnum severity = message.getSeverity();
        return new Finding(
                severity(severity),
                severity == ResultSeverityEnum.INFORMATION ? "informational" : "invalid",
                message.getMessage(),
                message.getLocationString());
    }

    private static Finding.Severity severity(ResultSeverityEnum severity) {
        return switch (severity) {
            case FATAL, ERROR -> Finding.Severity.ERROR;
            case WARNING -> Finding.Severity.WARNING;
            case INFORMATION -> Finding.Severity.INFORMATION;
        };
    }
}
