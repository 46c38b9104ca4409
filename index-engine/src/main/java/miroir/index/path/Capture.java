package miroir.index.path;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a path selects values of one FHIR data type.
 *
 * @param slot which of the compiled expressions it belongs to, by position
 * @param dataType the FHIR type of what is selected: {@code CodeableConcept}, {@code string}, {@code Observation.component}
 * @param components for a composite, the paths of its components inside what is selected
 * @param systems of a {@code code}, which is written without one: the system of each code that its binding implies
 */
public record Capture(int slot, String dataType, @Nullable CompiledPaths components, Map<String, String> systems) {
    public Capture {
        systems = Map.copyOf(systems);
    }
}
