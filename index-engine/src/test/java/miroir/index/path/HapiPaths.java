package miroir.index.path;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.LenientErrorHandler;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import miroir.index.SearchParameter;
import org.hl7.fhir.r4.context.IWorkerContext;
import org.hl7.fhir.r4.fhirpath.ExpressionNode;
import org.hl7.fhir.r4.fhirpath.FHIRPathEngine;
import org.hl7.fhir.r4.fhirpath.IHostApplicationServices;
import org.hl7.fhir.r4.hapi.ctx.HapiWorkerContext;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** What HAPI's FHIRPath engine selects: the oracle. */
final class HapiPaths {
    private final FhirContext context = FhirContext.forR4Cached();
    private final FHIRPathEngine engine;
    private final Map<String, ExpressionNode> parsed = new ConcurrentHashMap<>();

    HapiPaths() {
        engine = new FHIRPathEngine(withoutUnits());
        engine.setHostServices(services());
    }

    Resource read(String json) {
        return (Resource) parser().parseResource(json);
    }

    private IParser parser() {
        IParser parser = context.newJsonParser();
        parser.setParserErrorHandler(new LenientErrorHandler(false).disableAllErrors());
        parser.setStripVersionsFromReferences(false);
        parser.setOverrideResourceIdWithBundleEntryFullUrl(false);
        return parser;
    }

    /** The selected values as {@link SelectedJson} shows them, by the code of the parameter or of its component. */
    Map<String, Set<String>> select(Resource resource, List<SearchParameter> parameters) {
        Map<String, Set<String>> selected = new TreeMap<>();
        for (SearchParameter parameter : parameters) {
            List<Base> values = evaluate(resource, resource, parameter.expression());
            if (parameter.components().isEmpty()) {
                selected.put(parameter.code(), shown(values));
            }
            for (SearchParameter.Component component : parameter.components()) {
                List<Base> parts = new ArrayList<>();
                values.forEach(value -> parts.addAll(evaluate(resource, value, component.expression())));
                selected.put(parameter.code() + "$" + component.code(), shown(parts));
            }
        }
        return selected;
    }

    private List<Base> evaluate(Resource resource, Base focus, String expression) {
        ExpressionNode node = parsed.computeIfAbsent(expression, engine::parse);
        return engine.evaluate(resource, resource, resource, focus, node);
    }

    private Set<String> shown(List<Base> values) {
        Set<String> shown = new TreeSet<>();
        for (Base value : values) {
            String text = shown(value);
            if (text != null) {
                shown.add(text);
            }
        }
        return shown;
    }

    private @Nullable String shown(Base value) {
        return value instanceof Resource resource
                ? resource.fhirType() + "/" + resource.getIdElement().getIdPart()
                : element(value);
    }

    /** By the model's own list of children: HAPI's encoder fails on some elements outside a resource. */
    private @Nullable String element(Base value) {
        if (value instanceof IdType id) {
            return id.getIdPart();
        }
        if (value instanceof DecimalType || value instanceof IntegerType) {
            String number = value.primitiveValue();
            return number == null ? null : SelectedJson.number(new BigDecimal(number));
        }
        return value.isPrimitive() ? value.primitiveValue() : SelectedJson.of(members(value));
    }

    private Map<String, List<String>> members(Base value) {
        Map<String, List<String>> members = new TreeMap<>();
        for (Property property : value.children()) {
            for (Base child : property.getValues()) {
                String text = child.fhirType().equals("xhtml") ? null : element(child);
                if (text != null) {
                    members.computeIfAbsent(name(property, child), n -> new ArrayList<>())
                            .add(text);
                }
            }
        }
        return members;
    }

    private static String name(Property property, Base child) {
        String name = property.getName();
        String type = child.fhirType();
        return name.endsWith("[x]")
                ? name.substring(0, name.length() - 3) + Character.toUpperCase(type.charAt(0)) + type.substring(1)
                : name;
    }

    /** A reference resolves to an empty resource of the type that its text names; the engine finds contained ones itself. */
    private IHostApplicationServices services() {
        return (IHostApplicationServices) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {IHostApplicationServices.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("resolveConstant")) {
                        return List.of();
                    }
                    if (!method.getName().equals("resolveReference")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    String type = new IdType((String) arguments[2]).getResourceType();
                    return type == null || !context.getResourceTypes().contains(type)
                            ? null
                            : context.getResourceDefinition(type).newInstance();
                });
    }

    /** A union compares quantities to drop doubles, for which HAPI's own context would have to convert units. */
    private IWorkerContext withoutUnits() {
        IWorkerContext worker = new HapiWorkerContext(context, context.getValidationSupport());
        return (IWorkerContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {IWorkerContext.class},
                (proxy, method, arguments) ->
                        method.getName().equals("getUcumService") ? null : method.invoke(worker, arguments));
    }
}
