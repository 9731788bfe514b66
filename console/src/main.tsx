import './base.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { queryClient } from './api/query';
import { serversLanguage, speak } from './i18n';
import { bearNonce } from './nonce';
import { makeRouter } from './router';
import { Looks } from './theme';

const place = document.getElementById('console');
if (place) {
  bearNonce();
  const language = serversLanguage();
  await speak(language).catch(() => speak(language === 'zh' ? 'en' : 'zh')); // better the other one than an empty page
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <Looks>
          <RouterProvider router={makeRouter()} />
        </Looks>
      </QueryClientProvider>
    </StrictMode>,
  );
}
