package miroir.index.path;

import org.jspecify.annotations.Nullable;

/**
 * One way in which a path selects values of one FHIR data type.
 *
 * @param slot which of the compiled expressions it belongs to, by position
 * @param dataType the FHIR type of what is selected: {@code CodeableConcept}, {@code string}, {@code Observation.component}
 * @param components for a composite, the paths of its components inside what is selected
 */
public record Capture(int slot, String dataType, @Nullable CompiledPaths components) {}
