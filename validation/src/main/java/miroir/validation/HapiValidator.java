package miroir.validation;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import ca.uhn.fhir.validation.ValidationOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import miroir.server.validation.Finding;
import miroir.server.validation.ResourceValidator;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * HAPI's validator with the definitions of R4 and those of packages. Nothing is fetched from anywhere: what neither of them has is not
 * known, and a code of a system that is not known is a warning.
 */
final class HapiValidator implements ResourceValidator {
    private final FhirValidator validator;
    private final IValidationSupport definitions;
    private final Set<String> profiles;

    private HapiValidator(FhirValidator validator, IValidationSupport definitions, Set<String> profiles) {
        this.validator = validator;
        this.definitions = definitions;
        this.profiles = profiles;
    }

    static HapiValidator with(List<Path> packages) {
        FhirContext context = FhirContext.forR4();
        PackageDefinitions ofPackages = PackageDefinitions.read(context, packages);
        IValidationSupport definitions = new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                ofPackages.support(),
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context));
        FhirInstanceValidator module = new FhirInstanceValidator(definitions);
        module.setAnyExtensionsAllowed(true);
        module.setErrorForUnknownProfiles(false);
        module.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
        FhirValidator validator = context.newValidator();
        validator.registerValidatorModule(module);
        return new HapiValidator(validator, definitions, ofPackages.profiles());
    }

    @Override
    public Set<String> profiles() {
        return profiles;
    }

    @Override
    public boolean knows(String profile) {
        return definitions.fetchStructureDefinition(profile) != null;
    }

    @Override
    public List<Finding> findings(byte[] json, List<String> profiles) {
        ValidationOptions options = new ValidationOptions();
        profiles.forEach(options::addProfile);
        return validator.validateWithResult(new String(json, StandardCharsets.UTF_8), options).getMessages().stream()
                .map(HapiValidator::finding)
                .toList();
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
