// Completion under the fields for a subject and for a territory: ARIA 1.2 comboboxes with a list that is chosen from by hand. The
// page works without it: the fields are plain ones until this file runs, and Enter sends the form whenever no line of the list is
// chosen.
// Nothing is written as HTML and no style is set, so that it runs under a strict Content-Security-Policy (script-src 'self';
// connect-src 'self'). The server answers in the order to be shown; the list of what it found is all that is kept.
(function () {
  'use strict';

  if (!window.fetch || !window.AbortController) return;

  var WAIT_MS = 120;      // after the last key
  var SHORTEST = 2;       // letters before anything is asked
  var LINES = 8;
  var KINDS = {
    dataset: 'Jeu de données', dataservice: 'API', reuse: 'Réutilisation', software: 'Logiciel',
    organization: 'Producteur', keyword: 'Mot-clé', territory: 'Territoire'
  };
  var LEVELS = {
    commune: 'Commune', epci: 'Intercommunalité', ept: 'Établissement territorial', departement: 'Département',
    region: 'Région', arrondissement: 'Arrondissement', collectivite: 'Collectivité d’outre-mer', country: 'Pays',
    'commune-deleguee': 'Commune déléguée', 'arrondissement-municipal': 'Arrondissement municipal',
    'former-region': 'Ancienne région'
  };

  // What a field is completed with. `fill` gives a line its words; `take` is what happens when it is chosen.
  var SUBJECTS = {
    address: '/api/v1/suggest', id: 'suggestions', label: 'Suggestions', none: 'Aucune suggestion.', one: 'suggestion',
    fill: function (text, one) {
      addMarked(text, one.html);
      return KINDS[one.kind] || one.kind;
    },
    take: function (input, one) {
      var url = new URL(one.url, window.location.href);
      window.location.assign(url.pathname + url.search); // always where this page comes from
    }
  };
  var PLACES = {
    address: '/api/v1/territories', id: 'territoires', label: 'Territoires', none: 'Aucun territoire.', one: 'territoire',
    fill: function (text, one) {
      var around = one.parents.filter(function (parent) {
        return parent.id.indexOf('fr:departement:') === 0;
      })[0];
      text.textContent = one.name;
      return (LEVELS[one.level] || 'Territoire') + (around ? ', ' + around.name : '');
    },
    take: function (input, one) {
      input.value = one.name + ' (' + one.code + ')'; // the server reads it as it is shown
    }
  };

  function element(name, text, className) {
    var e = document.createElement(name);
    e.textContent = text;
    if (className) e.className = className;
    return e;
  }

  // The server's HTML is escaped text and <mark>: only these two are taken from it.
  function addMarked(parent, html) {
    var nodes = new DOMParser().parseFromString(html, 'text/html').body.childNodes;
    Array.prototype.forEach.call(nodes, function (node) {
      parent.appendChild(node.nodeName === 'MARK' ? element('mark', node.textContent)
                                                  : document.createTextNode(node.textContent));
    });
  }

  function complete(input, source) {
    var list = document.createElement('ul');
    var status = document.createElement('p');
    var found = [];         // what the lines show
    var chosen = -1;
    var timer = 0;
    var request = null;
    var asked = '';         // what the list answers

    function choose(i) {
      var lines = list.children;
      if (chosen >= 0 && lines[chosen]) lines[chosen].setAttribute('aria-selected', 'false');
      chosen = i;
      if (i < 0) {
        input.removeAttribute('aria-activedescendant');
        return;
      }
      lines[i].setAttribute('aria-selected', 'true');
      input.setAttribute('aria-activedescendant', lines[i].id);
      lines[i].scrollIntoView({ block: 'nearest' });
    }

    function isOpen() {
      return !list.hidden;
    }

    function open() {
      if (!found.length) return;
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
    }

    function close() {
      choose(-1);
      list.hidden = true;
      input.setAttribute('aria-expanded', 'false');
    }

    function forget() {
      window.clearTimeout(timer);
      if (request) request.abort();
      request = null;
    }

    function take(i) {
      var one = found[i];
      forget();
      close();
      source.take(input, one);
      asked = input.value;
    }

    function show(data) {
      choose(-1);
      list.textContent = '';
      found = [];
      data.forEach(function (one, i) {
        var line = document.createElement('li');
        var text = element('span', '', 'text');
        line.id = source.id + '-' + i;
        line.setAttribute('role', 'option');
        line.setAttribute('aria-selected', 'false');
        var note = source.fill(text, one);
        line.appendChild(text);
        line.appendChild(document.createTextNode(' '));
        line.appendChild(element('span', note, 'note'));
        list.appendChild(line);
        found.push(one);
      });
      if (!found.length) close();
      else open();
      status.textContent = !found.length ? source.none
        : found.length + ' ' + source.one + (found.length > 1 ? 's' : '') + '. Flèches haut et bas pour choisir.';
    }

    function ask() {
      var q = input.value;
      forget();
      if (q.trim().length < SHORTEST) {
        asked = q;
        found = [];
        close();
        status.textContent = '';
        return;
      }
      var mine = new AbortController();
      request = mine;
      window.fetch(source.address + '?page_size=' + LINES + '&q=' + encodeURIComponent(q), {
        signal: mine.signal, headers: { Accept: 'application/json' }, credentials: 'same-origin'
      }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      }).then(function (answer) {
        if (request !== mine) return;
        request = null;
        asked = q;
        if (document.activeElement === input) show(answer.data);
      }).catch(function () {
        if (request !== mine) return; // a newer one is under way
        request = null;               // no completion now: the field still searches
        found = [];
        close();
      });
    }

    function askSoon() {
      forget();
      timer = window.setTimeout(ask, WAIT_MS);
    }

    function move(step) {
      if (!isOpen()) {
        if (asked !== input.value || !found.length) {
          askSoon();
          return;
        }
        open();
      }
      // One place more than lines: the field itself, with what was typed.
      var places = found.length + 1;
      choose((chosen + 1 + step + places) % places - 1);
    }

    function onKey(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (event.altKey) {
          if (event.key === 'ArrowUp') close();
          else if (asked === input.value) open();
          else askSoon();
        } else {
          move(event.key === 'ArrowDown' ? 1 : -1);
        }
      } else if (event.key === 'Enter') {
        if (isOpen() && chosen >= 0) {
          event.preventDefault();
          take(chosen);
        } else {
          forget();
          close();
        }
      } else if (event.key === 'Escape') {
        forget();
        if (isOpen()) {
          event.preventDefault();
          close();
          status.textContent = '';
        } else if (input.value) {
          event.preventDefault();
          input.value = '';
        }
      }
    }

    function lineOf(event) {
      var line = event.target.closest('[role=option]');
      return line ? Array.prototype.indexOf.call(list.children, line) : -1;
    }

    list.id = source.id;
    list.className = 'suggestions';
    list.hidden = true;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', source.label);
    status.className = 'hidden';
    status.setAttribute('role', 'status');
    input.type = 'text'; // a search field may not be a combobox (ARIA in HTML)
    input.setAttribute('enterkeyhint', 'search');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('autocomplete', 'off');
    input.setAttribute('autocapitalize', 'none');
    input.setAttribute('spellcheck', 'false');
    input.parentNode.insertAdjacentElement('afterend', list);
    list.insertAdjacentElement('afterend', status);

    input.addEventListener('input', function (event) {
      if (!event.isComposing) askSoon();
    });
    input.addEventListener('compositionend', askSoon);
    input.addEventListener('keydown', onKey);
    input.addEventListener('blur', function () {
      forget();
      close();
    });
    list.addEventListener('mousedown', function (event) {
      event.preventDefault(); // the field keeps the focus
    });
    list.addEventListener('click', function (event) {
      var i = lineOf(event);
      if (i >= 0) take(i);
    });
    list.addEventListener('mousemove', function (event) {
      var i = lineOf(event);
      if (i >= 0 && i !== chosen) choose(i);
    });
    input.form.addEventListener('submit', forget);
  }

  [['q', SUBJECTS], ['territoire', PLACES]].forEach(function (field) {
    var input = document.getElementById(field[0]);
    if (input && input.form) complete(input, field[1]);
  });
}());
