package miroir.validation;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import miroir.index.yaml.ConfigurationRefused;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.StructureDefinition.TypeDerivationRule;

/**
 * The definitions in packages: structures, value sets and code systems. Everything else that packages bring, such as examples, is passed over.
 *
 * @param profiles of resources, by canonical URL
 */
record PackageDefinitions(PrePopulatedValidationSupport support, Set<String> profiles) {
    /** Looked for near the start, where every publisher writes it: examples are not parsed to find out that they are some. */
    private static final Pattern DEFINITION =
            Pattern.compile("\"resourceType\"\\s*:\\s*\"(StructureDefinition|ValueSet|CodeSystem)\"");

    private static final int START = 4096;

    static PackageDefinitions read(FhirContext context, List<Path> packages) {
        PackageDefinitions definitions =
                new PackageDefinitions(new PrePopulatedValidationSupport(context), new TreeSet<>());
        for (Path file : packages) {
            try {
                PackageFile.read(file, json -> definitions.add(context, json));
            } catch (DataFormatException e) {
                throw new ConfigurationRefused(
                        "validation.packages", file + " has a definition that is no FHIR R4: " + e.getMessage());
            }
        }
        return definitions;
    }

    private void add(FhirContext context, byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        if (!DEFINITION
                .matcher(text.substring(0, Math.min(START, text.length())))
                .find()) {
            return;
        }
        IBaseResource definition = context.newJsonParser().parseResource(text);
        support.addResource(definition);
        if (definition instanceof StructureDefinition structure && isProfile(structure)) {
            profiles.add(structure.getUrl());
        }
    }

    private static boolean isProfile(StructureDefinition structure) {
        return structure.getKind() == StructureDefinition.StructureDefinitionKind.RESOURCE
                && structure.getDerivation() == TypeDerivationRule.CONSTRAINT;
    }
}
