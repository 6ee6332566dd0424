import { percentDecoded } from './percent-decoded.ts';
import { booleanVariable, choiceVariable, unfitAddress, type ValuesOf, type Variable } from './variable.ts';

/** What OpenTelemetry's own variables say to the gateway itself; all others are read by its SDK. */
export const tracingVariables = {
  otlpEndpoint: endpointVariable(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'where traces go (OTLP over HTTP); unset: nothing is traced. The other OTEL_* variables mean what OpenTelemetry says',
  ),
  otlpTracesEndpoint: endpointVariable(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'the whole address for traces, instead of the one above with /v1/traces',
  ),
  otlpHeaders: headersVariable(
    'OTEL_EXPORTER_OTLP_HEADERS',
    'what goes with traces, for a collector that asks for it: authorization=Bearer%20…, several with commas between',
  ),
  otlpTracesHeaders: headersVariable(
    'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    'the same for traces only; what both name is taken from here',
  ),
  otlpProtocol: choiceVariable({
    name: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    help: 'how traces are sent; the gateway speaks this one only',
    default: 'http/protobuf',
    choices: ['http/protobuf'],
  }),
  tracesExporter: {
    ...choiceVariable({
      name: 'OTEL_TRACES_EXPORTER',
      help: 'otlp: traces are sent, to http://localhost:4318 unless said otherwise; none: they are not',
      default: '',
      choices: ['', 'otlp', 'none'],
    }),
    defaultText: 'otlp where there is an endpoint, else none',
  },
  otelDisabled: booleanVariable({
    name: 'OTEL_SDK_DISABLED',
    help: 'true: nothing is traced, whatever else is set',
    default: false,
  }),
} as const;

/** Whether the environment asks for traces. */
export function isTracingOn(values: ValuesOf<typeof tracingVariables>): boolean {
  const { otlpEndpoint, otlpTracesEndpoint, tracesExporter, otelDisabled } = values;
  if (otelDisabled || tracesExporter === 'none') return false;
  return tracesExporter === 'otlp' || otlpEndpoint !== undefined || otlpTracesEndpoint !== undefined;
}

function endpointVariable(name: string, help: string): Variable<string | undefined> {
  return {
    name,
    help,
    parse: (text) => {
      if (text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))) return text;
      throw unfitAddress(name, text, 'an address such as http://localhost:4318');
    },
  };
}

/** What is shorter is no key, but the name of a tenant, a number, a flag, and stands in many texts. */
const MIN_SECRET_LENGTH = 8;

/** Headers as OpenTelemetry writes them: `name=value`, percent-encoded, with commas between. Its SDK reads them. */
function headersVariable(name: string, help: string): Variable<string | undefined> {
  return {
    name,
    help,
    secretsOf: (text) =>
      text
        .split(',')
        .map((pair) => pair.slice(pair.indexOf('=') + 1).trim())
        .flatMap((value) => [value, percentDecoded(value) ?? ''])
        .flatMap((value) => [value, value.split(' ').at(-1) ?? ''])
        .filter((secret) => secret.length >= MIN_SECRET_LENGTH),
    parse: (text) => text,
  };
}
