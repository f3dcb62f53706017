// One request, written down as tools write it: browsers, Postman, frameworks, logs. Each function takes
// `{url, headers, body}`, headers as a list of pairs, and gives the text.
const names = (text) => text.replace(/(^|-)\w/g, (letter) => letter.toUpperCase());
const byName = (headers) => Object.fromEntries(headers);

/** In single quotes for sh; a quote in the text ends them, is escaped, and begins them anew. */
const single = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
/** In sh's `$'…'`, with the characters of `odd` by number. */
const ansi = (text, odd) =>
  `$'${text
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll(odd, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;
const chromeQuote = (text) => (/[!'\n\r\t]/.test(text) ? ansi(text, /[!\t]/g) : `'${text}'`);
const safariQuote = (text) => (/[^ -~]|'/.test(text) ? ansi(text, /[^ -~]|!/g) : `'${text}'`);
/** In double quotes for sh. */
const double = (text) => `"${text.replace(/[\\"$`]/g, "\\$&")}"`;
/** As browsers write an argument for cmd. */
const cmdQuote = (text) =>
  `^"${text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replace(/[^a-zA-Z0-9\s_\-:=+~'/.',?;()*`]/gu, "^$&")
    .replace(/%(?=\w)/g, "%^")
    .replace(/\r?\n/g, "^\n\n")}^"`;
/** As a person writes one for cmd, where line ends and cmd's own signs have no plain form. */
const cmdPlain = (text) => `"${text.replace(/(\\*)"/g, '$1$1\\"')}"`;
const powerShell = (text) =>
  `"${text.replace(/[`$"]/g, "`$&").replace(/[^ -~]/g, (unit) => `$([char]${unit.charCodeAt(0)})`)}"`;
const phpSingle = (text) => `'${text.replace(/\\(?=[\\']|$)|'/g, "\\$&")}'`;
const phpDouble = (text) => `"${text.replace(/[\\"$]/g, "\\$&").replaceAll("\n", "\\n")}"`;

const postmanOptions = (request) => [
  `  CURLOPT_URL => '${request.url}',`,
  "  CURLOPT_RETURNTRANSFER => true,",
  "  CURLOPT_ENCODING => '',",
  "  CURLOPT_TIMEOUT => 0,",
  "  CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,",
  "  CURLOPT_CUSTOMREQUEST => 'POST',",
  `  CURLOPT_POSTFIELDS =>${phpSingle(request.body)},`,
];

export const COMMANDS = {
  "curl, copied from Chrome for sh": ({ url, headers, body }) =>
    [
      `curl '${url}'`,
      ...headers.map(([name, value]) => `  -H ${chromeQuote(`${name}: ${value}`)}`),
      `  --data-raw ${chromeQuote(body)}`,
    ].join(" \\\n"),
  "curl, copied from Chrome for cmd": ({ url, headers, body }) =>
    [
      `curl ${cmdQuote(url)}`,
      ...headers.map(([name, value]) => `  -H ${cmdQuote(`${name}: ${value}`)}`),
      `  --data-raw ${cmdQuote(body)}`,
    ].join(" ^\r\n"),
  "curl, written for cmd": ({ url, headers, body }) =>
    [
      `curl.exe -X POST ${url}`,
      ...headers.map(([name, value]) => `-H ${cmdPlain(`${name}: ${value}`)}`),
      `-d ${cmdPlain(body)}`,
    ].join(" ^\n "),
  "curl, copied from Firefox": ({ url, headers, body }) =>
    `curl '${url}' --compressed -X POST ${headers.map(([name, value]) => `-H ${chromeQuote(`${names(name)}: ${value}`)}`).join(" ")} --data-raw ${chromeQuote(body)}`,
  "curl, copied from Safari": ({ url, headers, body }) =>
    [
      `curl '${url}'`,
      "-X 'POST'",
      ...headers.map(([name, value]) => `-H ${safariQuote(`${names(name)}: ${value}`)}`),
      `--data-binary ${safariQuote(body)}`,
    ].join(" \\\n"),
  "curl of Postman": ({ url, headers, body }) =>
    [
      `curl --location '${url}'`,
      ...headers.map(([name, value]) => `--header ${single(`${name}: ${value}`)}`),
      `--data ${single(body)}`,
    ].join(" \\\n"),
  "curl of an older Postman, in a terminal": ({ url, headers, body }) =>
    `$ ${[
      `curl --location --request POST "${url}"`,
      ...headers.map(([name, value]) => `--header ${double(`${name}: ${value}`)}`),
      `--data-raw ${double(body)}`,
    ].join(" \\\n")} | jq .`,
  "curl as Python quotes it": ({ url, headers, body }) =>
    `curl ${headers.map(([name, value]) => `-H '${name}: ${value}'`).join(" ")} -X POST ${url} -d '${body.replaceAll("'", `'"'"'`)}'`,
  "curl with its options together": ({ url, headers, body }) =>
    `# it's the order of today\ncurl -sSXPOST ${headers.map(([name, value]) => `-H'${name}: ${value}'`).join(" ")} --json ${single(body)} --url ${url}`,
  "curl that reads what printf writes": ({ url, headers, body }) =>
    `printf %s ${single(body)} | curl ${headers.map(([name, value]) => `-H '${name}: ${value}'`).join(" ")} --data-binary @- ${url}`,
  "curl with variables that stand there too": ({ url, headers, body }) =>
    [
      `body=${single(body)}`,
      `url="${url}"`,
      `curl ${headers.map(([name, value]) => `-H "${name}: ${value}"`).join(" ")} --data-raw "$body" "$url"`,
    ].join("\n"),
  "wget of Postman": ({ url, headers, body }) =>
    [
      "wget --no-check-certificate --quiet",
      "--method POST",
      "--timeout=0",
      ...headers.map(([name, value]) => `--header ${single(`${name}: ${value}`)}`),
      `--body-data ${single(body)}`,
      `'${url}'`,
    ].join(" \\\n"),
  "PowerShell, copied from Chrome": ({ url, headers, body }) =>
    [
      "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession",
      '$session.UserAgent = "Mozilla/5.0 (X11; Linux x86_64)"',
      `Invoke-WebRequest -UseBasicParsing -Uri "${url}" \``,
      '-Method "POST" `',
      "-WebSession $session `",
      "-Headers @{",
      ...headers.map(([name, value]) => `  ${powerShell(name)}=${powerShell(value)}`),
      "} `",
      '-ContentType "application/json" `',
      /[^ -~]/.test(body)
        ? `-Body ([System.Text.Encoding]::UTF8.GetBytes(${powerShell(body)}))`
        : `-Body ${powerShell(body)}`,
    ].join("\r\n"),
  "PowerShell of Postman": ({ url, headers, body }) =>
    [
      '$headers = New-Object "System.Collections.Generic.Dictionary[[String],[String]]"',
      ...headers.map(([name, value]) => `$headers.Add("${name}", "${value}")`),
      "",
      `$body = @"\n${body.replace(/[`$"]/g, "`$&")}\n"@`,
      "",
      `$response = Invoke-RestMethod '${url}' -Method 'POST' -Headers $headers -Body $body`,
      "$response | ConvertTo-Json",
    ].join("\n"),
};

export const CODE = {
  "fetch, copied from Chrome": ({ url, headers, body }) =>
    `fetch(${JSON.stringify(url)}, ${JSON.stringify({ headers: byName(headers), referrer: "https://shop.example/", body, method: "POST", mode: "cors", credentials: "omit" }, null, 2)});`,
  "fetch, copied from Firefox": ({ url, headers, body }) =>
    `await fetch(${JSON.stringify(url)}, ${JSON.stringify({ credentials: "omit", headers: byName(headers), body, method: "POST", mode: "cors" }, null, 4)});\n`,
  "fetch of Postman": ({ url, headers, body }) =>
    [
      "const myHeaders = new Headers();",
      ...headers.map(([name, value]) => `myHeaders.append("${name}", "${value}");`),
      "",
      `const raw = ${JSON.stringify(body)};`,
      "",
      'const requestOptions = {\n  method: "POST",\n  headers: myHeaders,\n  body: raw,\n  redirect: "follow"\n};',
      "",
      `fetch("${url}", requestOptions)\n  .then((response) => response.text())\n  .catch((error) => console.error(error));`,
    ].join("\n"),
  "node-fetch": ({ url, headers, body }) =>
    [
      "import fetch from 'node-fetch';",
      `const response = await fetch('${url}', {`,
      `  method: 'POST', body: ${JSON.stringify(body)},`,
      `  headers: {${headers.map(([name, value]) => `'${name}': '${value}'`).join(", ")}},`,
      "});",
      "console.log(await response.json());",
    ].join("\n"),
  "axios of Postman": ({ url, headers, body }) =>
    [
      "const axios = require('axios');",
      `let data = ${JSON.stringify(body)};`,
      `let config = {\n  method: 'post',\n  url: '${url}',\n  headers: ${JSON.stringify(byName(headers))},\n  data : data\n};`,
      "axios.request(config).then((response) => { console.log(JSON.stringify(response.data)); });",
    ].join("\n"),
  "jQuery of Postman": ({ url, headers, body }) =>
    `var settings = ${JSON.stringify({ url, method: "POST", timeout: 0, headers: byName(headers), data: body }, null, 2)};\n\n$.ajax(settings).done(function (response) {\n  console.log(response);\n});`,
  "XMLHttpRequest of Postman": ({ url, headers, body }) =>
    [
      `var data = ${JSON.stringify(body)};`,
      "var xhr = new XMLHttpRequest();",
      'xhr.addEventListener("readystatechange", function() { if(this.readyState === 4) { console.log(this.responseText); } });',
      `xhr.open("POST", "${url}");`,
      ...headers.map(([name, value]) => `xhr.setRequestHeader("${name}", "${value}");`),
      "xhr.send(data);",
    ].join("\n"),
  "Node's https of Postman": ({ headers, body }) =>
    [
      "var https = require('follow-redirects').https;",
      `var options = { 'method': 'POST', 'hostname': 'relay.example', 'path': '/webhook', 'headers': ${JSON.stringify(byName(headers))}, 'maxRedirects': 20 };`,
      "var req = https.request(options, function (res) { var chunks = []; res.on('data', function (chunk) { chunks.push(chunk); }); });",
      `var postData = ${JSON.stringify(body)};`,
      "req.write(postData);",
      "req.end();",
    ].join("\n"),
  "PHP's curl of Postman": (request) =>
    [
      "<?php\n",
      "$curl = curl_init();\n",
      "curl_setopt_array($curl, array(",
      ...postmanOptions(request),
      "  CURLOPT_HTTPHEADER => array(",
      ...request.headers.map(([name, value]) => `    ${phpSingle(`${name}: ${value}`)},`),
      "  ),",
      "));\n",
      "$response = curl_exec($curl);\n",
      "curl_close($curl);",
      "echo $response;",
    ].join("\n"),
  "PHP's curl, option by option": ({ url, headers, body }) =>
    [
      `$ch = curl_init("${url}");`,
      `$payload = ${phpDouble(body)};`,
      "curl_setopt($ch, CURLOPT_POST, true);",
      "curl_setopt($ch, CURLOPT_POSTFIELDS, $payload);",
      `curl_setopt($ch, CURLOPT_HTTPHEADER, [${headers.map(([name, value]) => phpDouble(`${name}: ${value}`)).join(", ")}]);`,
      "$answer = curl_exec($ch);",
    ].join("\n"),
  "Guzzle of Postman": ({ url, headers, body }) =>
    [
      "<?php",
      "$client = new Client();",
      `$headers = [\n${headers.map(([name, value]) => `  '${name}' => ${phpSingle(value)}`).join(",\n")}\n];`,
      `$body = ${phpSingle(body)};`,
      `$request = new Request('POST', '${url}', $headers, $body);`,
      "$res = $client->sendAsync($request)->wait();",
    ].join("\n"),
  "Guzzle with its options": ({ url, headers, body }) =>
    `<?php\n(new \\GuzzleHttp\\Client())->request('POST', '${url}', ['headers' => [${headers.map(([name, value]) => `'${name}' => '${value}'`).join(", ")}], 'body' => ${phpSingle(body)}]);`,
  "HTTP_Request2 of Postman": ({ url, headers, body }) =>
    [
      "<?php\nrequire_once 'HTTP/Request2.php';",
      "$request = new HTTP_Request2();",
      `$request->setUrl('${url}');`,
      "$request->setMethod(HTTP_Request2::METHOD_POST);",
      `$request->setHeader(array(\n${headers.map(([name, value]) => `  '${name}' => '${value}'`).join(",\n")}\n));`,
      `$request->setBody(${phpSingle(body)});`,
      "try { $response = $request->send(); } catch (HTTP_Request2_Exception $e) { echo 'Error: ' . $e->getMessage(); }",
    ].join("\n"),
  "pecl_http of Postman": ({ url, headers, body }) =>
    [
      "<?php\n$client = new http\\Client;",
      "$request = new http\\Client\\Request;",
      `$request->setRequestUrl('${url}');`,
      "$request->setRequestMethod('POST');",
      "$body = new http\\Message\\Body;",
      `$body->append(${phpSingle(body)});`,
      "$request->setBody($body);",
      "$request->setOptions(array());",
      `$request->setHeaders(array(\n${headers.map(([name, value]) => `  '${name}' => '${value}'`).join(",\n")}\n));`,
      "$client->enqueue($request)->send();",
    ].join("\n"),
  "PHP's stream context": ({ url, headers, body }) =>
    `<?php\n$context = stream_context_create(['http' => ['method' => 'POST', 'header' => ${phpDouble(headers.map(([name, value]) => `${name}: ${value}`).join("\n"))}, 'content' => ${phpSingle(body)}]]);\nfile_get_contents('${url}', false, $context);`,
};

/** A text in double quotes, as C and those that came from it write it. */
const literal = (text) => JSON.stringify(text);

export const OTHER_CODE = {
  "Python's requests": ({ url, headers, body }) =>
    [
      "import requests\n",
      `url = "${url}"\n`,
      `payload = ${literal(body)}`,
      `headers = {\n${headers.map(([name, value]) => `  '${name}': '${value}'`).join(",\n")}\n}\n`,
      'response = requests.request("POST", url, headers=headers, data=payload)\n',
      "print(response.text)",
    ].join("\n"),
  "Python's http.client, with a raw text": ({ headers, body }) =>
    [
      "import http.client\n",
      'conn = http.client.HTTPSConnection("relay.example")',
      `payload = r"""${body}"""`,
      `headers = {${headers.map(([name, value]) => `'${name}': '${value}'`).join(", ")}}`,
      'conn.request("POST", "/webhook", payload, headers)\n',
      "res = conn.getresponse()",
    ].join("\n"),
  "Java's OkHttp": ({ url, headers, body }) =>
    [
      "OkHttpClient client = new OkHttpClient().newBuilder()\n  .build();",
      'MediaType mediaType = MediaType.parse("application/json");',
      `RequestBody body = RequestBody.create(mediaType, ${literal(body)});`,
      `Request request = new Request.Builder()\n  .url("${url}")\n  .method("POST", body)`,
      ...headers.map(([name, value]) => `  .addHeader("${name}", "${value}")`),
      "  .build();\nResponse response = client.newCall(request).execute();",
    ].join("\n"),
  "C#'s HttpClient": ({ url, headers, body }) =>
    [
      "var client = new HttpClient();",
      `var request = new HttpRequestMessage(HttpMethod.Post, "${url}");`,
      ...headers.map(([name, value]) => `request.Headers.Add("${name}", "${value}");`),
      `var content = new StringContent(${literal(body)}, null, "application/json");`,
      "request.Content = content;\nvar response = await client.SendAsync(request);",
    ].join("\n"),
  "Go's net/http": ({ url, headers, body }) =>
    [
      'package main\n\nimport (\n  "fmt"\n  "strings"\n  "net/http"\n)\n\nfunc main() {\n',
      `  url := "${url}"`,
      `  payload := strings.NewReader(${body.includes("`") ? literal(body) : `\`${body}\``})`,
      '  client := &http.Client {}\n  req, err := http.NewRequest("POST", url, payload)\n',
      ...headers.map(([name, value]) => `  req.Header.Add("${name}", "${value}")`),
      "\n  res, err := client.Do(req)\n}",
    ].join("\n"),
  "Ruby's Net::HTTP": ({ url, headers, body }) =>
    [
      'require "uri"\nrequire "net/http"\n',
      `url = URI("${url}")\n`,
      "request = Net::HTTP::Post.new(url)",
      ...headers.map(([name, value]) => `request["${name}"] = "${value}"`),
      `request.body = ${literal(body)}\n`,
      "response = https.request(request)",
    ].join("\n"),
  "Swift's URLSession": ({ url, headers, body }) =>
    [
      `let postData = ${literal(body)}.data(using: .utf8)\n`,
      `var request = URLRequest(url: URL(string: "${url}")!,timeoutInterval: Double.infinity)`,
      ...headers.map(([name, value]) => `request.addValue("${value}", forHTTPHeaderField: "${name}")`),
      '\nrequest.httpMethod = "POST"\nrequest.httpBody = postData',
    ].join("\n"),
  "C's libcurl": ({ url, headers, body }) =>
    [
      "CURL *curl = curl_easy_init();",
      `curl_easy_setopt(curl, CURLOPT_URL, "${url}");`,
      "struct curl_slist *headers = NULL;",
      ...headers.map(([name, value]) => `headers = curl_slist_append(headers, "${name}: ${value}");`),
      "curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);",
      `const char *data = ${literal(body)};`,
      "curl_easy_setopt(curl, CURLOPT_POSTFIELDS, data);",
    ].join("\n"),
};

const laravel = (headers, mark) =>
  [
    `array:${headers.length} [${mark} // app/Http/Controllers/PaytrController.php:21`,
    ...headers.flatMap(([name, value]) => [`  "${name}" => array:1 [${mark}`, `    0 => "${value}"`, "  ]"]),
  ].join("\n");

export const DUMPS = {
  "raw HTTP, as Postman shows it": ({ headers, body }) =>
    [
      "POST /webhook HTTP/1.1",
      "Host: relay.example",
      ...headers.map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\n"),
  "an .http file": ({ url, headers, body }) =>
    [`### ping\nPOST ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`), "", body].join("\n"),
  "Laravel's dd of the headers": ({ headers, body }) => `${laravel(headers, "")}\n]\n\n${body}`,
  "Laravel's dd, copied from a browser": ({ headers, body }) => `${laravel(headers, "▼")}\n]\n\n${body}`,
  "Laravel's dd of headers and content": ({ headers, body }) => {
    const place = " // app/Http/Controllers/PaytrController.php:21";
    const text = body.includes("\n") ? `"""\n${body.replaceAll("\n", "\\n\n")}\n"""` : `"${body}"`;
    return `${laravel(headers, "")}\n]${place}\n${text}${place}\n`;
  },
  "Laravel's dd of the header bag": ({ headers, body }) =>
    [
      "Symfony\\Component\\HttpFoundation\\HeaderBag^ {#1532",
      `  #headers: array:${headers.length} [`,
      ...headers.flatMap(([name, value]) => [`    "${name}" => array:1 [`, `      0 => "${value}"`, "    ]"]),
      "  ]",
      "  #cacheControl: []",
      "}",
      "",
      body,
    ].join("\n"),
  "PHP's print_r of lists": ({ headers, body }) =>
    [
      "Array",
      "(",
      ...headers.flatMap(([name, value]) => [
        `    [${name}] => Array`,
        "        (",
        `            [0] => ${value}`,
        "        )",
      ]),
      ")",
      "",
      body,
    ].join("\n"),
  "PHP's var_dump of getallheaders()": ({ headers, body }) =>
    [
      `array(${headers.length}) {`,
      ...headers.flatMap(([name, value]) => [`  ["${names(name)}"]=>`, `  string(${value.length}) "${value}"`]),
      "}",
      "",
      body,
    ].join("\n"),
  "PHP's var_dump of lists": ({ headers, body }) =>
    [
      `array(${headers.length}) {`,
      ...headers.flatMap(([name, value]) => [
        `  ["${name}"]=>`,
        "  array(1) {",
        "    [0]=>",
        `    string(${value.length}) "${value}"`,
        "  }",
      ]),
      "}",
      "",
      body,
    ].join("\n"),
  "PHP's var_export": ({ headers, body }) =>
    [
      "array (",
      ...headers.flatMap(([name, value]) => [`  '${name}' => `, "  array (", `    0 => '${value}',`, "  ),"]),
      ")",
      "",
      body,
    ].join("\n"),
  "PHP's json_encode of lists": ({ headers, body }) =>
    `${JSON.stringify(Object.fromEntries(headers.map(([name, value]) => [name, [value]]))).replaceAll("/", "\\/")}\n\n${body}`,
  "JSON of lists, line by line": ({ headers, body }) =>
    `${JSON.stringify(Object.fromEntries(headers.map(([name, value]) => [name, [value]])), null, 2)}\n\n${body}`,
  "Node's rawHeaders": ({ headers, body }) =>
    `[\n${headers.map(([name, value]) => `  '${names(name)}', '${value}'`).join(",\n")}\n]\n\n${body}`,
  "Django's META": ({ headers, body }) =>
    `{${headers.map(([name, value]) => `'HTTP_${name.toUpperCase().replaceAll("-", "_")}': '${value}'`).join(", ")}}\n\n${body}`,
  "ASGI's list of bytes": ({ headers, body }) =>
    `[${headers.map(([name, value]) => `(b'${name}', b'${value}')`).join(", ")}]\n\n${body}`,
  "Ruby's hash": ({ headers, body }) =>
    `{${headers.map(([name, value]) => `"HTTP_${name.toUpperCase().replaceAll("-", "_")}"=>"${value}"`).join(", ")}}\n\n${body}`,
  "Go's map": ({ headers, body }) =>
    `map[${headers.map(([name, value]) => `${names(name)}:[${value}]`).join(" ")}]\n\n${body}`,
  "Java's map of lists": ({ headers, body }) =>
    `{${headers.map(([name, value]) => `${name}=[${value}]`).join(", ")}}\n\n${body}`,
  "Spring's headers": ({ headers, body }) =>
    `[${headers.map(([name, value]) => `${name}:"${value}"`).join(", ")}]\n\n${body}`,
  "names and values in turn, copied from Chrome": ({ headers, body }) =>
    `:method\nPOST\n${headers.map(([name, value]) => `${name}\n${value}`).join("\n")}\n\n${body}`,
};

export const JSON_FILES = {
  "a function's event": ({ headers, body }) =>
    JSON.stringify({ path: "/webhook", httpMethod: "POST", headers: byName(headers), body, isBase64Encoded: false }),
  "a function's event in base64": ({ headers, body }) =>
    JSON.stringify({ headers: byName(headers), body: Buffer.from(body).toString("base64"), isBase64Encoded: true }),
  "a collection of Postman": ({ url, headers, body }) =>
    JSON.stringify(
      {
        info: { name: "PayTR" },
        item: [
          {
            name: "create",
            request: {
              method: "POST",
              header: headers.map(([key, value]) => ({ key, value })),
              body: { mode: "raw", raw: body },
              url: { raw: url },
            },
          },
        ],
      },
      null,
      "\t",
    ),
  "a log line with headers and body in JSON": ({ headers, body }) =>
    `[2026-11-25 20:10:00] local.INFO: webhook ${JSON.stringify({ headers: Object.fromEntries(headers.map(([name, value]) => [name, [value]])), body })} \n`,
};

/** An entry of a HAR as Chrome writes it. */
export function harEntry({
  url,
  headers,
  body,
  method = "POST",
  status = 401,
  date,
  started = "2026-11-25T20:10:00.000Z",
}) {
  const list = (pairs) => pairs.map(([name, value]) => ({ name, value }));
  return {
    startedDateTime: started,
    time: 12,
    request: {
      method,
      url,
      httpVersion: "http/2.0",
      headers: list(headers),
      queryString: [],
      cookies: [],
      headersSize: -1,
      bodySize: body === undefined ? 0 : Buffer.byteLength(body),
      ...(body === undefined ? {} : { postData: { mimeType: "application/json", text: body } }),
    },
    response: { status, statusText: "", headers: list(date ? [["date", date]] : []), content: { size: 2, text: "{}" } },
  };
}

export const har = (...entries) =>
  JSON.stringify(
    { log: { version: "1.2", creator: { name: "WebInspector", version: "537.36" }, pages: [], entries } },
    null,
    2,
  );
