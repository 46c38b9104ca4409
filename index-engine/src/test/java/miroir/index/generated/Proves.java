package miroir.index.generated;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which features a test proves, by the names that the page which lists them has. That page is made from these claims: one of
 * a feature that nobody knows, and a feature without a claim, are refused.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Proves {
    String[] value();
}
